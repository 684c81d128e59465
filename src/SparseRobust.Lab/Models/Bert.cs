// Shapes: B batch, L length, D hidden, H heads, d head width, C classes.
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
        Initialise(spec.InitializerRange);
    }

    private readonly Dropout _dropout;

    public BertModel Bert { get; }

    public PrunableLinear Classifier { get; }

    public override IEnumerable<(MatrixId Id, PrunableLinear Linear)> PrunableMatrices => PrunableModel.MatricesOf(this);

    public override (Tensor Pooled_BD, Tensor Logits_BC) Outputs(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        var pooled_BD = Bert.Pooler.forward(Bert.forward(ids_BL, tokenTypes_BL, mask_BL));
        return (pooled_BD, Classifier.forward(_dropout.forward(pooled_BD)));
    }

    private void Initialise(double standardDeviation)
    {
        using var noGrad = no_grad();
        foreach (var module in modules())
        {
            if (module is PrunableLinear linear)
                nn.init.normal_(linear.Weight, 0, standardDeviation);
            else if (module is Embedding embedding)
                nn.init.normal_(embedding.weight!, 0, standardDeviation);
        }
        // Hugging Face leaves the padding row of the word table at zero.
        using var padding = Bert.Embeddings.WordEmbeddings.weight!.select(0, 0);
        padding.zero_();
    }
}

/// <summary>Embeddings and encoder: the last layer's hidden states [B, L, D]. The pooler belongs to it by name, and is applied by the heads that read it.</summary>
internal sealed class BertModel : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    public BertModel(BertSpec spec, int vocabularySize)
        : base("BertModel")
    {
        Embeddings = new BertEmbeddings(spec, vocabularySize);
        Encoder = new BertEncoder(spec);
        Pooler = new BertPooler(spec);
        register_module("embeddings", Embeddings);
        register_module("encoder", Encoder);
        register_module("pooler", Pooler);
    }

    public BertEmbeddings Embeddings { get; }

    public BertEncoder Encoder { get; }

    public BertPooler Pooler { get; }

    public override Tensor forward(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        // Added to attention scores: 0 for tokens, a large negative number for padding. [B, 1, 1, L]
        var bias_B11L = ((1f - mask_BL) * -1e9f).unsqueeze(1).unsqueeze(1);
        return Encoder.forward(Embeddings.forward(ids_BL, tokenTypes_BL), bias_B11L);
    }
}

/// <summary>Word + position + segment embeddings, LayerNorm, dropout: [B, L, D].</summary>
internal sealed class BertEmbeddings : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Embedding _positions;
    private readonly Embedding _tokenTypes;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertEmbeddings(BertSpec spec, int vocabularySize)
        : base("BertEmbeddings")
    {
        WordEmbeddings = nn.Embedding(vocabularySize, spec.HiddenSize);
        _positions = nn.Embedding(spec.MaxPositionEmbeddings, spec.HiddenSize);
        _tokenTypes = nn.Embedding(spec.TypeVocabSize, spec.HiddenSize);
        _norm = nn.LayerNorm(spec.HiddenSize, spec.LayerNormEps);
        _dropout = nn.Dropout(spec.HiddenDropoutProb);
        register_module("word_embeddings", WordEmbeddings);
        register_module("position_embeddings", _positions);
        register_module("token_type_embeddings", _tokenTypes);
        register_module("LayerNorm", _norm);
        register_module("dropout", _dropout);
    }

    public Embedding WordEmbeddings { get; }

    public override Tensor forward(Tensor ids_BL, Tensor tokenTypes_BL)
    {
        var positions_LD = _positions.weight!.narrow(0, 0, ids_BL.shape[1]);
        var sum_BLD = FusedOperators.Embedding(WordEmbeddings.weight!, ids_BL) + positions_LD + _tokenTypes.forward(tokenTypes_BL);
        return _dropout.forward(_norm.forward(sum_BLD));
    }
}

/// <summary>The stack of layers.</summary>
internal sealed class BertEncoder : nn.Module<Tensor, Tensor, Tensor>
{
    public BertEncoder(BertSpec spec)
        : base("BertEncoder")
    {
        Layers = [.. Enumerable.Range(0, spec.NumHiddenLayers).Select(_ => new BertLayer(spec))];
        register_module("layer", nn.ModuleList(Layers));
    }

    public BertLayer[] Layers { get; }

    public override Tensor forward(Tensor hidden_BLD, Tensor bias_B11L)
    {
        foreach (var layer in Layers)
            hidden_BLD = layer.forward(hidden_BLD, bias_B11L);
        return hidden_BLD;
    }
}

/// <summary>Attention and feed-forward, each followed by dropout, residual and LayerNorm.</summary>
internal sealed class BertLayer : nn.Module<Tensor, Tensor, Tensor>
{
    public BertLayer(BertSpec spec)
        : base("BertLayer")
    {
        Attention = new BertAttention(spec);
        Intermediate = new BertDense(spec.HiddenSize, spec.IntermediateSize, "BertIntermediate");
        Output = new BertOutput(spec.IntermediateSize, spec);
        register_module("attention", Attention);
        register_module("intermediate", Intermediate);
        register_module("output", Output);
    }

    public BertAttention Attention { get; }

    public BertDense Intermediate { get; }

    public BertOutput Output { get; }

    public override Tensor forward(Tensor hidden_BLD, Tensor bias_B11L)
    {
        var attended_BLD = Attention.forward(hidden_BLD, bias_B11L);
        return Output.forward(Activated(attended_BLD), attended_BLD);
    }

    private Tensor Activated(Tensor x_BLD) =>
        FusedOperators.BiasGelu(Intermediate.Dense.WithoutBias(x_BLD), Intermediate.Dense.Bias);
}

/// <summary>Multi-head self-attention with its output projection.</summary>
internal sealed class BertAttention : nn.Module<Tensor, Tensor, Tensor>
{
    public BertAttention(BertSpec spec)
        : base("BertAttention")
    {
        Self = new BertSelfAttention(spec);
        Output = new BertOutput(spec.HiddenSize, spec);
        register_module("self", Self);
        register_module("output", Output);
    }

    public BertSelfAttention Self { get; }

    public BertOutput Output { get; }

    public override Tensor forward(Tensor hidden_BLD, Tensor bias_B11L) =>
        Output.forward(Self.forward(hidden_BLD, bias_B11L), hidden_BLD);
}

/// <summary>softmax(Q K^T / sqrt(d) + bias) V per head, concatenated: [B, L, D].</summary>
internal sealed class BertSelfAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly double _dropout;
    private readonly long _heads;
    private readonly long _headWidth;

    public BertSelfAttention(BertSpec spec)
        : base("BertSelfAttention")
    {
        _heads = spec.NumAttentionHeads;
        _headWidth = spec.HiddenSize / spec.NumAttentionHeads;
        Query = new PrunableLinear(spec.HiddenSize, spec.HiddenSize);
        Key = new PrunableLinear(spec.HiddenSize, spec.HiddenSize);
        Value = new PrunableLinear(spec.HiddenSize, spec.HiddenSize);
        _dropout = spec.AttentionProbsDropoutProb;
        register_module("query", Query);
        register_module("key", Key);
        register_module("value", Value);
    }

    public PrunableLinear Query { get; }

    public PrunableLinear Key { get; }

    public PrunableLinear Value { get; }

    public override Tensor forward(Tensor hidden_BLD, Tensor bias_B11L)
    {
        var (query_BHLd, key_BHLd, value_BHLd) = (Heads(Query.forward(hidden_BLD)), Heads(Key.forward(hidden_BLD)), Heads(Value.forward(hidden_BLD)));
        var context_BHLd = nn.functional.scaled_dot_product_attention(query_BHLd, key_BHLd, value_BHLd, bias_B11L, training ? _dropout : 0);
        return context_BHLd.transpose(1, 2).reshape(hidden_BLD.shape);
    }

    private Tensor Heads(Tensor x_BLD) =>
        x_BLD.view(x_BLD.shape[0], x_BLD.shape[1], _heads, _headWidth).transpose(1, 2);
}

/// <summary>A group of one linear layer named "dense".</summary>
internal sealed class BertDense : nn.Module<Tensor, Tensor>
{
    public BertDense(long inFeatures, long outFeatures, string name)
        : base(name)
    {
        Dense = new PrunableLinear(inFeatures, outFeatures);
        register_module("dense", Dense);
    }

    public PrunableLinear Dense { get; }

    public override Tensor forward(Tensor input) => Dense.forward(input);
}

/// <summary>LayerNorm(dropout(dense(x)) + residual).</summary>
internal sealed class BertOutput : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LayerNorm _norm;
    private readonly double _eps;
    private readonly Dropout _dropout;

    public BertOutput(long inFeatures, BertSpec spec)
        : base("BertOutput")
    {
        Dense = new PrunableLinear(inFeatures, spec.HiddenSize);
        _norm = nn.LayerNorm(spec.HiddenSize, spec.LayerNormEps);
        _eps = spec.LayerNormEps;
        _dropout = nn.Dropout(spec.HiddenDropoutProb);
        register_module("dense", Dense);
        register_module("LayerNorm", _norm);
        register_module("dropout", _dropout);
    }

    public PrunableLinear Dense { get; }

    public override Tensor forward(Tensor input, Tensor residual) =>
        FusedOperators.DropoutAddNorm(Dense.forward(input), residual, (_norm, _eps), _dropout);
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
