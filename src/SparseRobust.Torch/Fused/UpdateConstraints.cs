using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch.Fused;

/// <summary>What the threshold of an element's proximal map is, for the strength gamma and the element's l1 weight alpha.</summary>
public enum ProxStep
{
    /// <summary>lr gamma alpha.</summary>
    Lr = 0,

    /// <summary>gamma alpha.</summary>
    Unit = 1,

    /// <summary>lr gamma alpha / (sqrt(v_hat) + eps): the proximal map in the metric of Adam's step.</summary>
    AdamMetric = 2,
}

/// <summary>Holds the parameters of an AdamW to an l1 regulariser or a mask, within its one pass: after the update w' of a step,
/// w = sign(w') max(|w'| - threshold, 0), then w times the mask. Moments are left alone, so what was set to zero may revive when its mask goes.</summary>
/// <remarks>Source of the proximal map: Guo et al. (2019), Reweighted Proximal Pruning: decoupled from the gradient step, as weight decay is in AdamW.</remarks>
public sealed class UpdateConstraints
{
    private readonly Dictionary<Parameter, torch.Tensor> _proxWeights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Parameter, torch.Tensor> _masks = new(ReferenceEqualityComparer.Instance);

    /// <summary>gamma, at least 0.</summary>
    public double ProxStrength { get; set; }

    /// <summary>What gamma alpha is multiplied by. Default: the learning rate.</summary>
    public ProxStep ProxStep { get; set; }

    /// <summary>Holds every later step of the optimizer to these constraints.</summary>
    /// <param name="optimizer">The optimizer.</param>
    public void ApplyTo(AdamW optimizer) => optimizer.Constraints = this;

    /// <summary>Regularises a parameter.</summary>
    /// <param name="parameter">A parameter of the optimizer.</param>
    /// <param name="alpha">The l1 weight of each element, not negative; the parameter's shape and data type. Borrowed until replaced; null ends it.</param>
    public void SetProx(Parameter parameter, torch.Tensor? alpha) => Set(_proxWeights, parameter, alpha);

    /// <summary>Masks a parameter.</summary>
    /// <param name="parameter">A parameter of the optimizer.</param>
    /// <param name="mask">0 or 1 for each element; the parameter's shape and data type. Borrowed until replaced; null ends it.</param>
    public void SetMask(Parameter parameter, torch.Tensor? mask) => Set(_masks, parameter, mask);

    internal nint[]? ProxWeights(Parameter[] parameters) => Pointers(_proxWeights, parameters);

    internal nint[]? Masks(Parameter[] parameters) => Pointers(_masks, parameters);

    internal void Fill(ref AdamWOptions options)
    {
        if (!(ProxStrength >= 0))
            throw new ArgumentException($"{nameof(ProxStrength)} {ProxStrength} must not be negative.");
        options.ProxStrength = ProxStrength;
        options.ProxStep = (int)ProxStep;
    }

    private static void Set(Dictionary<Parameter, torch.Tensor> tensors, Parameter parameter, torch.Tensor? tensor)
    {
        if (tensor is null)
            tensors.Remove(parameter);
        else if (!tensor.shape.SequenceEqual(parameter.shape) || tensor.dtype != parameter.dtype)
            throw new ArgumentException($"A {tensor.dtype} tensor of [{string.Join(", ", tensor.shape)}] does not fit a {parameter.dtype} parameter of [{string.Join(", ", parameter.shape)}].", nameof(tensor));
        else
            tensors[parameter] = tensor;
    }

    private static nint[]? Pointers(Dictionary<Parameter, torch.Tensor> tensors, Parameter[] parameters) =>
        tensors.Count == 0 ? null : Array.ConvertAll(parameters, parameter => tensors.TryGetValue(parameter, out var tensor) ? tensor.Pointer : 0);
}
