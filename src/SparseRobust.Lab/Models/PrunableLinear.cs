namespace SparseRobust.Lab.Models;

/// <summary>Says which entries of a weight take part in the forward pass.</summary>
internal interface IWeightMask
{
    /// <summary>x W_eff^T + b with the weight as the forward pass sees it; gradients flow as the mask defines.</summary>
    Tensor Linear(Tensor input, Tensor weight, Tensor? bias, bool training);
}

/// <summary>A linear layer y = x W^T + b whose weight can be masked. Weight [out, in], bias [out].</summary>
internal sealed class PrunableLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    public PrunableLinear(long inFeatures, long outFeatures)
        : base(nameof(PrunableLinear))
    {
        _weight = nn.Parameter(empty([outFeatures, inFeatures]));
        _bias = nn.Parameter(zeros([outFeatures]));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    public Parameter Weight => _weight;

    public Parameter Bias => _bias;

    /// <summary>The mask in force; null for dense. Owned by whoever set it.</summary>
    public IWeightMask? Mask { get; set; }

    public override Tensor forward(Tensor input) => Linear(input, _bias);

    /// <summary>x W^T, for a caller that adds the bias by itself.</summary>
    public Tensor WithoutBias(Tensor input) => Linear(input, null);

    private Tensor Linear(Tensor input, Tensor? bias) =>
        Mask is null ? nn.functional.linear(input, _weight, bias) : Mask.Linear(input, _weight, bias, training);
}
