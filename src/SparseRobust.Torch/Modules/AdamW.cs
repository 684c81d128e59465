using SparseRobust.Torch.Fused;
using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;
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
    private readonly Options _defaults;
    private readonly Dictionary<Parameter, State> _state = new(ReferenceEqualityComparer.Instance);

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
            throw new ArgumentException("AdamW takes groups of the class AdamW.ParamGroup.", nameof(param_group));
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
        foreach (var group in Groups)
            Step((Parameter[])group.Parameters, (Options)group.Options!);
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

    private void Step(Parameter[] parameters, Options options)
    {
        var amsgrad = options.amsgrad == true;
        var states = Array.ConvertAll(parameters, p => _state[p]);
        var steps = Array.ConvertAll(states, s => s.step);
        var native = options.ToNative();
        Constraints?.Fill(ref native);
        fixed (nint* p = Array.ConvertAll(parameters, p => p.Pointer))
        fixed (nint* m = Array.ConvertAll(states, s => s.exp_avg.Pointer))
        fixed (nint* v = Array.ConvertAll(states, s => s.exp_avg_sq.Pointer))
        fixed (nint* x = amsgrad ? Array.ConvertAll(states, s => s.max_exp_avg_sq!.Pointer) : null)
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
