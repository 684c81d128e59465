// Shapes: B batch, L length, D hidden, C classes.
namespace SparseRobust.Lab.Models;

/// <summary>RoBERTa for sequence classification under Hugging Face's parameter names; logits [B, C] from ids [B, L].</summary>
/// <remarks>Source: Liu et al. (2019), RoBERTa, as Hugging Face has it: out_proj(dropout(tanh(dense(dropout(first token))))). There is no pooler: the head reads the raw last
/// hidden state. The pooled output is tanh(dense(...)), what BERT's classifier reads of the pooler.</remarks>
internal sealed class RobertaForSequenceClassification : TextClassifier
{
    public RobertaForSequenceClassification(RobertaSpec spec, int vocabularySize, int classes)
        : base("RobertaForSequenceClassification", spec, vocabularySize, classes)
    {
        Roberta = new TransformerBody("RobertaModel", spec, vocabularySize);
        Classifier = new RobertaClassificationHead(spec, classes);
        register_module("roberta", Roberta);
        register_module("classifier", Classifier);
        InitialWeights.Draw(this, spec.InitializerRange);
    }

    public TransformerBody Roberta { get; }

    public RobertaClassificationHead Classifier { get; }

    public override IEnumerable<(MatrixId Id, PrunableLinear Linear)> PrunableMatrices =>
    [
        .. EncoderMatrices.Of(Roberta.Encoder, "roberta"),
        (new(MatrixKind.ClassifierDense, -1, "classifier.dense.weight"), Classifier.Dense),
        (new(MatrixKind.Classifier, -1, "classifier.out_proj.weight"), Classifier.OutProj),
    ];

    public override (Tensor Pooled_BD, Tensor Logits_BC) Outputs(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL) =>
        Classifier.forward(Roberta.forward(ids_BL, tokenTypes_BL, mask_BL));
}

/// <summary>Positions count the tokens from behind the padding id, which is the padding's own; token types are ignored.</summary>
internal sealed class RobertaEmbeddings(RobertaSpec spec, int vocabularySize) : TransformerEmbeddings("RobertaEmbeddings", spec, vocabularySize)
{
    private readonly long _padding = spec.PadTokenId;

    public override void ClearPadding()
    {
        base.ClearPadding();
        Clear(PositionEmbeddings, _padding);
    }

    protected override Tensor PositionsOf(Tensor mask_BL)
    {
        var tokens_BL = mask_BL.to_type(ScalarType.Int64);
        return PositionEmbeddings.forward((tokens_BL.cumsum(1) * tokens_BL) + _padding);
    }

    protected override Tensor TokenTypesOf(Tensor tokenTypes_BL) => TokenTypeEmbeddings.weight!.narrow(0, 0, 1);
}

/// <summary>The hidden states [B, L, D] to the output before the last dropout [B, D] and the logits [B, C].</summary>
internal sealed class RobertaClassificationHead : nn.Module<Tensor, (Tensor Pooled_BD, Tensor Logits_BC)>
{
    private readonly Dropout _dropout;

    public RobertaClassificationHead(RobertaSpec spec, int classes)
        : base("RobertaClassificationHead")
    {
        Dense = new PrunableLinear(spec.HiddenSize, spec.HiddenSize);
        OutProj = new PrunableLinear(spec.HiddenSize, classes);
        _dropout = nn.Dropout(spec.HiddenDropoutProb);
        register_module("dense", Dense);
        register_module("dropout", _dropout);
        register_module("out_proj", OutProj);
    }

    public PrunableLinear Dense { get; }

    public PrunableLinear OutProj { get; }

    public override (Tensor Pooled_BD, Tensor Logits_BC) forward(Tensor hidden_BLD)
    {
        var pooled_BD = tanh(Dense.forward(_dropout.forward(hidden_BLD.select(1, 0))));
        return (pooled_BD, OutProj.forward(_dropout.forward(pooled_BD)));
    }
}
