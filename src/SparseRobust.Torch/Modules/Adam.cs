using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Modules;

/// <summary>
/// Adam: g ← g + λ p, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², p ← p - lr m̂ / (√v̂ + ε). Parameters without a gradient are skipped.
/// </summary>
/// <remarks>Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, algorithm 1, in PyTorch's order of operations.</remarks>
public sealed partial class Adam : GroupedOptimizer, IBetas
{
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
        : base(new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
    {
        foreach (var group in parameters)
            add_param_group(group);
    }

    /// <inheritdoc/>
    public (double, double) Betas
    {
        get => (Defaults.beta1!.Value, Defaults.beta2!.Value);
        set
        {
            (Defaults.beta1, Defaults.beta2) = value;
            foreach (var group in ParamGroups)
                ((ParamGroup)group).Betas = value;
        }
    }

    private new Options Defaults => (Options)base.Defaults;

    private protected override bool Takes(Modules.ParamGroup group) => group is ParamGroup;

    private protected override OptimizerState NewState(Parameter parameter, OptimizerOptions options) =>
        new State(parameter, ((Options)options).amsgrad == true);

    private protected override void Step(Parameter[] parameters, OptimizerOptions options)
    {
        foreach (var parameter in parameters)
            Step(parameter, (State)StateOf(parameter), (Options)options);
    }

    private static void Step(Parameter parameter, State state, Options options)
    {
        using var scope = NewDisposeScope();
        if (Direction(parameter, options.maximize, options.weight_decay) is not { } gradient)
            return;
        state.step++;
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        state.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
        state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var square = state.max_exp_avg_sq is { } largest ? largest.copy_(torch.maximum(largest, state.exp_avg_sq)) : state.exp_avg_sq;
        var denominator = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, state.step))).add_(options.eps!.Value);
        parameter.addcdiv_(state.exp_avg, denominator, -options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step)));
    }
}
