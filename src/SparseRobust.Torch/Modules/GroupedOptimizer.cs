using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Modules;

/// <summary>An optimizer made of parameter groups, with a state for each parameter. A class of its own adds its options, its state and its step.</summary>
public abstract class GroupedOptimizer : Optimizer
{
    private readonly List<ParamGroup> _groups = [];
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    private protected GroupedOptimizer(OptimizerOptions defaults) => Defaults = defaults;

    /// <inheritdoc/>
    public override IEnumerable<ILearningRateController> ParamGroups => _groups;

    /// <summary>What groups take that say nothing else.</summary>
    private protected OptimizerOptions Defaults { get; }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(g => g.Parameters);

    /// <inheritdoc/>
    public override void add_param_group(ParamGroup param_group)
    {
        if (!Takes(param_group))
            throw new ArgumentException($"{GetType().Name} takes groups of the class {GetType().Name}.ParamGroup.", nameof(param_group));
        param_group.Options ??= Defaults.Copy();
        param_group.Options.FillFrom(Defaults);
        param_group.Parameters = param_group.Parameters.ToArray(); // listed once and for all
        _groups.Add(param_group);
        foreach (var parameter in param_group.Parameters)
        {
            if (!_states.TryAdd(parameter, NewState(parameter, param_group.Options)))
                throw new ArgumentException("A parameter occurs twice.", nameof(param_group));
        }
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = Recompute(closure);
        using var guard = no_grad();
        foreach (var group in _groups)
            Step((Parameter[])group.Parameters, group.Options!);
        return loss;
    }

    /// <summary>The live options and states, not copies: saving reads them, restoring may write them.</summary>
    /// <returns>Options a group and state a parameter.</returns>
    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        result.Options.AddRange(_groups.Select(group => group.Options!));
        result.State.AddRange(parameters().Select(parameter => _states[parameter]));
        return result;
    }

    /// <summary>Takes over the options and states of an optimizer with the same groups, by value.</summary>
    /// <param name="state_dict">What <see cref="state_dict"/> gave.</param>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (own.Options.Count != state_dict.Options.Count || own.State.Count != state_dict.State.Count)
        {
            throw new ArgumentException(
                $"The state has {state_dict.Options.Count} groups and {state_dict.State.Count} parameters, "
                + $"the optimizer {own.Options.Count} and {own.State.Count}.");
        }
        for (var i = 0; i < own.Options.Count; i++)
            own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            own.State[i].LoadStateDict(state_dict.State[i]);
    }

    /// <summary>Moves the state to a device.</summary>
    /// <param name="device">The device.</param>
    public void to(Device device)
    {
        foreach (var state in _states.Values)
            state.to(device);
    }

    /// <summary>Whether a group is of the optimizer's own class.</summary>
    private protected abstract bool Takes(ParamGroup group);

    /// <summary>What the optimizer remembers of a parameter before its first step.</summary>
    private protected abstract OptimizerState NewState(Parameter parameter, OptimizerOptions options);

    /// <summary>Changes the parameters of a group; recording is off.</summary>
    private protected abstract void Step(Parameter[] parameters, OptimizerOptions options);

    /// <summary>What the optimizer remembers of one of its parameters: the live state.</summary>
    private protected OptimizerState StateOf(Parameter parameter) => _states[parameter];

    /// <summary>What to go against: the gradient, turned round to go up, then with the decay's share of the parameter; null without a gradient.</summary>
    private protected static Tensor? Direction(Parameter parameter, bool? maximize, double? weight_decay)
    {
        var direction = maximize == true ? parameter.grad?.neg() : parameter.grad;
        return weight_decay is > 0 and var decay ? direction?.add(parameter, decay) : direction;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var state in _states.Values)
            state.Free();
    }

    // The loss anew, with recording on.
    private static Tensor? Recompute(Func<Tensor>? closure)
    {
        if (closure is null)
            return null;
        using var guard = enable_grad();
        return closure();
    }
}
