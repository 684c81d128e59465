// Shapes: B batch, L length, D pooled width, C classes.
namespace SparseRobust.Lab.Models;

/// <summary>A classifier of token ids: logits [B, C] from ids [B, L]. With one class it is a regression, and the logit is the grade.</summary>
internal abstract class TextClassifier(string name, ArchitectureSpec spec, int vocabularySize, int classes) : nn.Module<Tensor, Tensor, Tensor, Tensor>(name)
{
    /// <summary>What it was built from.</summary>
    public ArchitectureSpec Spec { get; } = spec;

    /// <summary>Rows of the word table.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>Width of the logits.</summary>
    public int Classes { get; } = classes;

    /// <summary>The weights that pruning methods may remove; empty for a model that cannot be pruned.</summary>
    public virtual IEnumerable<(MatrixId Id, PrunableLinear Linear)> PrunableMatrices => [];

    /// <param name="ids_BL">Token ids, int64.</param>
    /// <param name="tokenTypes_BL">Segment ids, int64: 0 for the first text and padding, 1 for the second text.</param>
    /// <param name="mask_BL">1 for tokens, 0 for padding, float.</param>
    public override Tensor forward(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL) => Outputs(ids_BL, tokenTypes_BL, mask_BL).Logits_BC;

    /// <summary>The logits with the pooled output they are computed from, as it is before dropout. Neither depends on how far rows are padded, up to rounding.</summary>
    public abstract (Tensor Pooled_BD, Tensor Logits_BC) Outputs(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL);
}
