using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Modules;

/// <summary>A group's hyper-parameters.</summary>
public class OptimizerOptions
{
    /// <summary>The learning rate of the next step; null takes the optimizer's.</summary>
    public double? LearningRate { get; set; }

    /// <summary>The learning rate at the start.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>Takes over other options.</summary>
    /// <param name="source">Options of the same class.</param>
    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }
}

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    /// <summary>Takes over another state by value.</summary>
    /// <param name="source">A state of the same class; left as it is.</param>
    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Compares two states.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are about equal.</returns>
    public abstract bool ApproximatelyEquals(OptimizerState other);

    /// <summary>Moves the state to a device.</summary>
    /// <param name="device">The device.</param>
    public abstract void to(Device device);
}

/// <summary>Parameters with options of their own.</summary>
public class ParamGroup : ILearningRateController
{
    /// <summary>The parameters.</summary>
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    /// <summary>The options.</summary>
    public OptimizerOptions? Options { get; set; }

    /// <inheritdoc/>
    public double LearningRate
    {
        get => Options?.LearningRate ?? throw new InvalidOperationException("The group belongs to no optimizer yet.");
        set => (Options ?? throw new InvalidOperationException("The group belongs to no optimizer yet.")).LearningRate = value;
    }

    /// <inheritdoc/>
    public double InitialLearningRate
    {
        get => Options?.InitialLearningRate ?? throw new InvalidOperationException("The group belongs to no optimizer yet.");
        set => (Options ?? throw new InvalidOperationException("The group belongs to no optimizer yet.")).InitialLearningRate = value;
    }
}

/// <summary>Parameters with options of one class.</summary>
/// <typeparam name="TOptions">The class.</typeparam>
public class ParamGroup<TOptions> : ParamGroup
    where TOptions : OptimizerOptions
{
    /// <summary>Makes an empty group.</summary>
    public ParamGroup()
    {
    }

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The options; null takes the optimizer's.</param>
    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options;
    }

    /// <summary>The options.</summary>
    public new TOptions? Options
    {
        get => (TOptions?)base.Options;
        set => base.Options = value;
    }
}

/// <summary>An optimizer made of parameter groups.</summary>
public abstract class GroupedOptimizer : Optimizer
{
    private readonly List<ParamGroup> _groups = [];

    private protected GroupedOptimizer()
    {
    }

    /// <inheritdoc/>
    public override IEnumerable<ILearningRateController> ParamGroups => _groups;

    /// <summary>The groups.</summary>
    private protected IReadOnlyList<ParamGroup> Groups => _groups;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(g => g.Parameters);

    /// <summary>The live options and states, not copies: saving reads them, restoring may write them.</summary>
    /// <returns>Options a group and state a parameter.</returns>
    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _groups)
        {
            result.Options.Add(group.Options!);
            foreach (var parameter in group.Parameters)
                result.State.Add(StateOf(parameter));
        }
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
        foreach (var state in state_dict().State)
            state.to(device);
    }

    /// <summary>What the optimizer remembers of a parameter.</summary>
    /// <param name="parameter">One of its parameters.</param>
    /// <returns>The live state.</returns>
    private protected abstract OptimizerState StateOf(Parameter parameter);

    /// <summary>Computes the loss anew, with recording on.</summary>
    /// <param name="closure">The computation, or null.</param>
    /// <returns>Its loss, or null.</returns>
    private protected static Tensor? Recompute(Func<Tensor>? closure)
    {
        if (closure is null)
            return null;
        using var guard = enable_grad();
        return closure();
    }

    /// <summary>Keeps a group; its parameters are listed once and for all.</summary>
    /// <param name="group">The group.</param>
    private protected void Keep(ParamGroup group)
    {
        group.Parameters = group.Parameters.ToArray();
        _groups.Add(group);
    }
}
