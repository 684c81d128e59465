// Shapes: B batch, L length, D hidden.
namespace SparseRobust.Lab.Models;

/// <summary>Embeddings and encoder: the last layer's hidden states [B, L, D].</summary>
internal class TransformerBody : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    public TransformerBody(string name, TransformerSpec spec, int vocabularySize)
        : base(name)
    {
        Embeddings = spec.BuildEmbeddings(vocabularySize);
        Encoder = new BertEncoder(spec);
        register_module("embeddings", Embeddings);
        register_module("encoder", Encoder);
    }

    public TransformerEmbeddings Embeddings { get; }

    public BertEncoder Encoder { get; }

    public override Tensor forward(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        // Added to attention scores: 0 for tokens, a large negative number for padding. [B, 1, 1, L]
        var bias_B11L = ((1f - mask_BL) * -1e9f).unsqueeze(1).unsqueeze(1);
        return Encoder.forward(Embeddings.forward(ids_BL, tokenTypes_BL, mask_BL), bias_B11L);
    }
}

/// <summary>Word + position + segment embeddings, LayerNorm, dropout: [B, L, D].</summary>
internal abstract class TransformerEmbeddings : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;
    private readonly long _padding;

    protected TransformerEmbeddings(string name, TransformerSpec spec, int vocabularySize)
        : base(name)
    {
        WordEmbeddings = nn.Embedding(vocabularySize, spec.HiddenSize);
        PositionEmbeddings = nn.Embedding(spec.MaxPositionEmbeddings, spec.HiddenSize);
        TokenTypeEmbeddings = nn.Embedding(spec.TypeVocabSize, spec.HiddenSize);
        _norm = nn.LayerNorm(spec.HiddenSize, spec.LayerNormEps);
        _dropout = nn.Dropout(spec.HiddenDropoutProb);
        _padding = spec.PadId;
        register_module("word_embeddings", WordEmbeddings);
        register_module("position_embeddings", PositionEmbeddings);
        register_module("token_type_embeddings", TokenTypeEmbeddings);
        register_module("LayerNorm", _norm);
        register_module("dropout", _dropout);
    }

    public Embedding WordEmbeddings { get; }

    protected Embedding PositionEmbeddings { get; }

    protected Embedding TokenTypeEmbeddings { get; }

    public override Tensor forward(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        var sum_BLD = FusedOperators.Embedding(WordEmbeddings.weight!, ids_BL) + PositionsOf(mask_BL) + TokenTypesOf(tokenTypes_BL);
        return _dropout.forward(_norm.forward(sum_BLD));
    }

    /// <summary>Sets the rows of padding to zero, as Hugging Face leaves them at the start. Under no_grad.</summary>
    public virtual void ClearPadding() => Clear(WordEmbeddings, _padding);

    /// <summary>The position embeddings, [B, L, D] or what stretches to it.</summary>
    protected abstract Tensor PositionsOf(Tensor mask_BL);

    /// <summary>The segment embeddings, [B, L, D] or what stretches to it.</summary>
    protected abstract Tensor TokenTypesOf(Tensor tokenTypes_BL);

    protected static void Clear(Embedding table, long row)
    {
        using var padding = table.weight!.select(0, row);
        padding.zero_();
    }
}
