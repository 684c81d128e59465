// Shapes: B batch, L length, D hidden, C classes.
namespace SparseRobust.Lab.Models;

/// <summary>BERT for sequence classification under Hugging Face's parameter names; logits [B, C] from ids [B, L].</summary>
/// <remarks>Source: Devlin et al. (2019), BERT: dropout on the tanh-pooled first token, then one linear layer.</remarks>
internal sealed class BertForSequenceClassification : TextClassifier
{
    public BertForSequenceClassification(BertSpec spec, int vocabularySize, int classes)
        : base("BertForSequenceClassification", spec, vocabularySize, classes)
    {
        Bert = new BertModel(spec, vocabularySize);
        Classifier = new PrunableLinear(spec.HiddenSize, classes);
        _dropout = nn.Dropout(spec.HiddenDropoutProb);
        register_module("bert", Bert);
        register_module("classifier", Classifier);
        register_module("dropout", _dropout);
        InitialWeights.Draw(this, spec.InitializerRange);
    }

    private readonly Dropout _dropout;

    public BertModel Bert { get; }

    public PrunableLinear Classifier { get; }

    public override IEnumerable<(MatrixId Id, PrunableLinear Linear)> PrunableMatrices =>
    [
        .. EncoderMatrices.Of(Bert.Encoder, "bert"),
        (new(MatrixKind.Pooler, -1, "bert.pooler.dense.weight"), Bert.Pooler.Dense),
        (new(MatrixKind.Classifier, -1, "classifier.weight"), Classifier),
    ];

    public override (Tensor Pooled_BD, Tensor Logits_BC) Outputs(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        var pooled_BD = Bert.Pooler.forward(Bert.forward(ids_BL, tokenTypes_BL, mask_BL));
        return (pooled_BD, Classifier.forward(_dropout.forward(pooled_BD)));
    }
}

/// <summary>Embeddings and encoder: the last layer's hidden states [B, L, D]. The pooler belongs to it by name, and is applied by the heads that read it.</summary>
internal sealed class BertModel : TransformerBody
{
    public BertModel(BertSpec spec, int vocabularySize)
        : base("BertModel", spec, vocabularySize)
    {
        Pooler = new BertPooler(spec);
        register_module("pooler", Pooler);
    }

    public BertPooler Pooler { get; }
}

/// <summary>Position 0 for the first token, and a row of the segment table for each token's type.</summary>
internal sealed class BertEmbeddings(BertSpec spec, int vocabularySize) : TransformerEmbeddings("BertEmbeddings", spec, vocabularySize)
{
    protected override Tensor PositionsOf(Tensor mask_BL) => PositionEmbeddings.weight!.narrow(0, 0, mask_BL.shape[1]);

    protected override Tensor TokenTypesOf(Tensor tokenTypes_BL) => TokenTypeEmbeddings.forward(tokenTypes_BL);
}

/// <summary>tanh(dense(first token)): [B, D].</summary>
internal sealed class BertPooler : nn.Module<Tensor, Tensor>
{
    public BertPooler(BertSpec spec)
        : base("BertPooler")
    {
        Dense = new PrunableLinear(spec.HiddenSize, spec.HiddenSize);
        register_module("dense", Dense);
    }

    public PrunableLinear Dense { get; }

    public override Tensor forward(Tensor hidden_BLD) => tanh(Dense.forward(hidden_BLD.select(1, 0)));
}
