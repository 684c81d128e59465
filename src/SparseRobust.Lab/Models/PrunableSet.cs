namespace SparseRobust.Lab.Models;

/// <summary>Which of a model's weights a paper lets go. Never LayerNorms or embeddings. Whatever the set, sparsity is reported over the encoder's matrices.</summary>
internal sealed class PrunableSet
{
    private readonly Func<MatrixId, bool> _hasWeight;
    private readonly Func<MatrixId, bool> _hasBias;

    private PrunableSet(Func<MatrixId, bool> hasWeight, Func<MatrixId, bool>? hasBias = null) => (_hasWeight, _hasBias) = (hasWeight, hasBias ?? (_ => false));

    /// <summary>The six matrices of each layer, and BERT's pooler. RoBERTa has no pooler: the one that some of its checkpoints bring is read by nothing.</summary>
    /// <remarks>Source: Win-win Deal, sec. 3.1, and the authors' code, which has the pooler that the paper does not name.</remarks>
    public static PrunableSet SrNets { get; } = new(id => !id.IsHead);

    /// <summary>These and the classifier's matrices, as mask training has it.</summary>
    /// <remarks>Source: the authors' code of Win-win Deal (mask_classifier).</remarks>
    public static PrunableSet SrNetsWithClassifier { get; } = new(_ => true);

    /// <summary>The encoder's matrices with their biases, but without the bias of a layer's last one.</summary>
    /// <remarks>Source: When BERT Plays the Lottery, sec. 3 (m-pruning), and the authors' code, which leaves that bias out.</remarks>
    public static PrunableSet Lottery { get; } = new(id => id.IsEncoder, id => id.IsEncoder && id.Kind != MatrixKind.Output);

    /// <summary>The encoder's matrices.</summary>
    /// <remarks>Source: Reweighted Proximal Pruning. Its ratios count no embeddings; whether they count pooler and pre-training heads is not said, and here they do not.</remarks>
    public static PrunableSet ReweightedProximal { get; } = new(id => id.IsEncoder);

    /// <summary>What the set has of one layer: its weight, its bias, both or neither.</summary>
    public IEnumerable<PrunableEntry> Of((MatrixId Id, PrunableLinear Linear) matrix)
    {
        if (_hasWeight(matrix.Id))
            yield return new PrunableEntry(matrix.Id, matrix.Linear, IsBias: false);
        if (_hasBias(matrix.Id))
            yield return new PrunableEntry(matrix.Id, matrix.Linear, IsBias: true);
    }
}

/// <summary>One tensor of a prunable set.</summary>
/// <param name="Id">What the matrix does, in which layer; of a bias, the matrix that it belongs to.</param>
/// <param name="Linear">Where it is, and where a mask of it is set.</param>
/// <param name="IsBias">Whether it is the bias, [out], not the weight, [out, in].</param>
internal readonly record struct PrunableEntry(MatrixId Id, PrunableLinear Linear, bool IsBias)
{
    /// <summary>The tensor; the model's.</summary>
    public Parameter Parameter => IsBias ? Linear.Bias : Linear.Weight;

    /// <summary>Hugging Face's name of it.</summary>
    public string Name => IsBias ? Id.Name[..^"weight".Length] + "bias" : Id.Name;
}
