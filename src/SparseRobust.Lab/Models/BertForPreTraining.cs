// Shapes: B batch, L length, D hidden, V vocabulary, M masked tokens of all rows.
namespace SparseRobust.Lab.Models;

/// <summary>BERT with the heads of its two pre-training tasks under Hugging Face's parameter names.</summary>
/// <remarks>Source: Devlin et al. (2019), sec. 3.1 and the authors' code. The output matrix of the masked-language head is the table of word embeddings, so a file has no
/// tensor of its own for it. Only masked positions go through that head: the loss reads no others.</remarks>
internal sealed class BertForPreTraining : nn.Module
{
    private const string Heads = "cls";

    private readonly BertPreTrainingHeads _heads;

    public BertForPreTraining(BertSpec spec, int vocabularySize)
        : base("BertForPreTraining")
    {
        (Spec, VocabularySize) = (spec, vocabularySize);
        Bert = new BertModel(spec, vocabularySize);
        _heads = new BertPreTrainingHeads(spec, vocabularySize);
        register_module("bert", Bert);
        register_module(Heads, _heads);
        InitialWeights.Draw(this, spec.InitializerRange);
    }

    /// <summary>What the names of the heads' parameters begin with.</summary>
    public static string HeadsPrefix => Heads + ".";

    /// <summary>What it was built from.</summary>
    public BertSpec Spec { get; }

    /// <summary>Rows of the word table.</summary>
    public int VocabularySize { get; }

    public BertModel Bert { get; }

    /// <summary>Logits of the masked tokens and of the two answers to "does B follow A?": 0 it does, 1 it does not.</summary>
    /// <param name="ids_BL">Token ids, int64.</param>
    /// <param name="tokenTypes_BL">Segment ids, int64.</param>
    /// <param name="mask_BL">1 for tokens, 0 for padding, float.</param>
    /// <param name="masked_M">Where the masked tokens stand, as row x L + column, int64.</param>
    public (Tensor Tokens_MV, Tensor NextSentence_B2) Outputs(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL, Tensor masked_M)
    {
        var hidden_BLD = Bert.forward(ids_BL, tokenTypes_BL, mask_BL);
        var masked_MD = hidden_BLD.view(-1, Spec.HiddenSize).index_select(0, masked_M);
        return (_heads.Predictions.forward(masked_MD, Bert.Embeddings.WordEmbeddings.weight!), _heads.SeqRelationship.forward(Bert.Pooler.forward(hidden_BLD)));
    }
}

/// <summary>The heads, side by side.</summary>
internal sealed class BertPreTrainingHeads : nn.Module
{
    public BertPreTrainingHeads(BertSpec spec, int vocabularySize)
        : base("BertPreTrainingHeads")
    {
        Predictions = new BertLMPredictionHead(spec, vocabularySize);
        SeqRelationship = new PrunableLinear(spec.HiddenSize, 2);
        register_module("predictions", Predictions);
        register_module("seq_relationship", SeqRelationship);
    }

    public BertLMPredictionHead Predictions { get; }

    public PrunableLinear SeqRelationship { get; }
}

/// <summary>LayerNorm(gelu(dense(h))) E^T + b, with the table of word embeddings E [V, D]: [M, V] from h [M, D].</summary>
internal sealed class BertLMPredictionHead : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly BertPredictionHeadTransform _transform;
    private readonly Parameter _bias;

    public BertLMPredictionHead(BertSpec spec, int vocabularySize)
        : base("BertLMPredictionHead")
    {
        _transform = new BertPredictionHeadTransform(spec);
        _bias = nn.Parameter(zeros([vocabularySize]));
        register_module("transform", _transform);
        register_parameter("bias", _bias);
    }

    public override Tensor forward(Tensor hidden_MD, Tensor words_VD) => nn.functional.linear(_transform.forward(hidden_MD), words_VD, _bias);
}

/// <summary>LayerNorm(gelu(dense(h))): [M, D].</summary>
internal sealed class BertPredictionHeadTransform : nn.Module<Tensor, Tensor>
{
    private readonly PrunableLinear _dense;
    private readonly LayerNorm _norm;

    public BertPredictionHeadTransform(BertSpec spec)
        : base("BertPredictionHeadTransform")
    {
        _dense = new PrunableLinear(spec.HiddenSize, spec.HiddenSize);
        _norm = nn.LayerNorm(spec.HiddenSize, spec.LayerNormEps);
        register_module("dense", _dense);
        register_module("LayerNorm", _norm);
    }

    public override Tensor forward(Tensor hidden_MD) => _norm.forward(FusedOperators.BiasGelu(_dense.WithoutBias(hidden_MD), _dense.Bias));
}
