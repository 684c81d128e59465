using SparseRobust.Torch.Fused;
using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Modules;

/// <summary>
/// Adam with decoupled weight decay: p ← p (1 - lr λ) - lr m̂ / (√v̂ + ε). Parameters without a gradient are skipped.
/// </summary>
/// <remarks>
/// Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, algorithm 2, in PyTorch's order of operations.
/// One pass over all Float32 parameters on the processor, whose results do not depend on the number of threads.
/// </remarks>
public sealed unsafe partial class AdamW : GroupedOptimizer, IBetas
{
    /// <summary>What each update is held to afterwards; null for nothing.</summary>
    internal UpdateConstraints? Constraints { get; set; }

    /// <summary>Makes an optimizer of one group.</summary>
    public AdamW(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    public AdamW(
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
        var states = Array.ConvertAll(parameters, p => (State)StateOf(p));
        var steps = Array.ConvertAll(states, s => s.step);
        var native = ((Options)options).ToNative();
        Constraints?.Fill(ref native);
        fixed (nint* p = Array.ConvertAll(parameters, p => p.Pointer))
        fixed (nint* m = Array.ConvertAll(states, s => s.exp_avg.Pointer))
        fixed (nint* v = Array.ConvertAll(states, s => s.exp_avg_sq.Pointer))
        fixed (nint* x = ((Options)options).amsgrad == true ? Array.ConvertAll(states, s => s.max_exp_avg_sq!.Pointer) : null)
        fixed (nint* prox = Constraints?.ProxWeights(parameters))
        fixed (nint* masks = Constraints?.Masks(parameters))
        fixed (long* n = steps)
        {
            var state = new AdamWState { Parameters = p, ExpAvgs = m, ExpAvgSqs = v, Steps = n, MaxExpAvgSqs = x, ProxWeights = prox, Masks = masks };
            Native.Check(Native.sr_adamw_step(in state, parameters.Length, in native));
        }
        for (var i = 0; i < states.Length; i++)
            states[i].step = steps[i];
        GC.KeepAlive(parameters);
        GC.KeepAlive(states);
        GC.KeepAlive(Constraints);
    }
}
