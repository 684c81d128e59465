// Shapes: B batch, L length, D hidden.
namespace SparseRobust.Lab.Models;

/// <summary>The stack of layers.</summary>
internal sealed class BertEncoder : nn.Module<Tensor, Tensor, Tensor>
{
    public BertEncoder(TransformerSpec spec)
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
    public BertLayer(TransformerSpec spec)
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

    public BertOutput(long inFeatures, TransformerSpec spec)
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
