using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Modules;

/// <summary>
/// Stochastic gradient descent: b ← μ b + (1 - τ) (g + λ p), p ← p - lr b; with Nesterov's momentum p ← p - lr (g + λ p + μ b).
/// The first b is g + λ p. Parameters without a gradient are skipped.
/// </summary>
/// <remarks>Source: Sutskever and others, On the Importance of Initialization and Momentum, in PyTorch's form. With maximize g is turned round before the decay is added, as in PyTorch 2.</remarks>
public sealed partial class SGD : GroupedOptimizer
{
    /// <summary>Makes an optimizer of one group.</summary>
    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    public SGD(
        IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : base(new Options(lr, momentum, dampening, weight_decay, nesterov, maximize))
    {
        foreach (var group in parameters)
            add_param_group(group);
    }

    private protected override bool Takes(Modules.ParamGroup group) => group is ParamGroup;

    private protected override OptimizerState NewState(Parameter parameter, OptimizerOptions options) => new State();

    private protected override void Step(Parameter[] parameters, OptimizerOptions options)
    {
        foreach (var parameter in parameters)
            Step(parameter, (State)StateOf(parameter), (Options)options);
    }

    private static void Step(Parameter parameter, State state, Options options)
    {
        using var scope = NewDisposeScope();
        if (Direction(parameter, options.maximize, options.weight_decay) is not { } direction)
            return;
        if (options.momentum is > 0 and var momentum)
        {
            if (state.momentum_buffer is { } kept)
                kept.mul_(momentum).add_(direction, 1 - options.dampening!.Value);
            else
                state.momentum_buffer = direction.clone().DetachFromDisposeScope();
            direction = options.nesterov == true ? direction.add(state.momentum_buffer, momentum) : state.momentum_buffer;
        }
        parameter.add_(direction, -options.LearningRate!.Value);
    }
}
