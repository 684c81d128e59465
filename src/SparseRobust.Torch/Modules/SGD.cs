using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Modules;

/// <summary>
/// Stochastic gradient descent: b ← μ b + (1 - τ) (g + λ p), p ← p - lr b; with Nesterov's momentum p ← p - lr (g + λ p + μ b).
/// The first b is g + λ p. Parameters without a gradient are skipped.
/// </summary>
/// <remarks>Source: Sutskever and others, On the Importance of Initialization and Momentum, in PyTorch's form. With maximize g is turned round before the decay is added, as in PyTorch 2.</remarks>
public sealed partial class SGD : GroupedOptimizer
{
    private readonly Options _defaults;
    private readonly Dictionary<Parameter, State> _state = new(ReferenceEqualityComparer.Instance);

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
    {
        if (!(lr >= 0 && momentum >= 0 && weight_decay >= 0))
            throw new ArgumentException($"lr {lr}, momentum {momentum} and weight_decay {weight_decay} must not be negative.");
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException($"Nesterov's momentum needs momentum (it is {momentum}) and no dampening (it is {dampening}).");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (var group in parameters)
            add_param_group(group);
    }

    /// <inheritdoc/>
    public override void add_param_group(Modules.ParamGroup param_group)
    {
        if (param_group is not ParamGroup group)
            throw new ArgumentException("SGD takes groups of the class SGD.ParamGroup.", nameof(param_group));
        group.Options ??= new Options();
        group.Options.FillFrom(_defaults);
        Keep(group);
        foreach (var parameter in group.Parameters)
        {
            if (!_state.TryAdd(parameter, new State()))
                throw new ArgumentException("A parameter occurs twice.", nameof(param_group));
        }
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = Recompute(closure);
        using var guard = no_grad();
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
                Step(parameter, _state[parameter], (Options)group.Options!);
        }
        return loss;
    }

    /// <inheritdoc/>
    private protected override OptimizerState StateOf(Parameter parameter) => _state[parameter];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var state in _state.Values)
            state.Dispose();
    }

    private static void Step(Parameter parameter, State state, Options options)
    {
        using var scope = NewDisposeScope();
        if (parameter.grad is not { } direction)
            return;
        if (options.maximize == true)
            direction = direction.neg();
        if (options.weight_decay is > 0 and var decay)
            direction = direction.add(parameter, decay);
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
