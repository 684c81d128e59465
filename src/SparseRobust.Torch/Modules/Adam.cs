using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Modules;

/// <summary>
/// Adam: g ← g + λ p, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², p ← p - lr m̂ / (√v̂ + ε). Parameters without a gradient are skipped.
/// </summary>
/// <remarks>Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, algorithm 1, in PyTorch's order of operations.</remarks>
public sealed partial class Adam : GroupedOptimizer, IBetas
{
    private readonly Options _defaults;
    private readonly Dictionary<Parameter, State> _state = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes an optimizer of one group.</summary>
    public Adam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (!(lr >= 0 && eps >= 0 && beta1 is >= 0 and < 1 && beta2 is >= 0 and < 1 && weight_decay >= 0))
        {
            throw new ArgumentException(
                $"lr {lr}, eps {eps} and weight_decay {weight_decay} must not be negative; beta1 {beta1} and beta2 {beta2} lie in [0, 1).");
        }
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters)
            add_param_group(group);
    }

    /// <inheritdoc/>
    public (double, double) Betas
    {
        get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
        set
        {
            (_defaults.beta1, _defaults.beta2) = value;
            foreach (var group in Groups)
                ((ParamGroup)group).Betas = value;
        }
    }

    /// <inheritdoc/>
    public override void add_param_group(Modules.ParamGroup param_group)
    {
        if (param_group is not ParamGroup group)
            throw new ArgumentException("Adam takes groups of the class Adam.ParamGroup.", nameof(param_group));
        group.Options ??= new Options();
        group.Options.FillFrom(_defaults);
        Keep(group);
        foreach (var parameter in group.Parameters)
        {
            if (!_state.TryAdd(parameter, new State(parameter, group.Options.amsgrad == true)))
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
        if (parameter.grad is not { } gradient)
            return;
        state.step++;
        if (options.maximize == true)
            gradient = gradient.neg();
        if (options.weight_decay is > 0 and var decay)
            gradient = gradient.add(parameter, decay);
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        state.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
        state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var square = state.max_exp_avg_sq is { } largest ? largest.copy_(torch.maximum(largest, state.exp_avg_sq)) : state.exp_avg_sq;
        var denominator = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, state.step))).add_(options.eps!.Value);
        parameter.addcdiv_(state.exp_avg, denominator, -options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step)));
    }
}
