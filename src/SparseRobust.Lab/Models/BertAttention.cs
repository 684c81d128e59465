// Shapes: B batch, L length, D hidden, H heads, d head width.
namespace SparseRobust.Lab.Models;

/// <summary>Multi-head self-attention with its output projection.</summary>
internal sealed class BertAttention : nn.Module<Tensor, Tensor, Tensor>
{
    public BertAttention(TransformerSpec spec)
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

    public BertSelfAttention(TransformerSpec spec)
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
