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
    /// <exception cref="ArgumentException">They are of another class.</exception>
    public virtual void LoadStateDict(OptimizerOptions source)
    {
        if (!GetType().IsInstanceOfType(source))
            throw new ArgumentException($"Options of the class {GetType()} are needed, not {source.GetType()}.", nameof(source));
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
        Merge(source, this);
    }

    /// <summary>Takes what is null from the optimizer's options; the learning rate is then that of the start.</summary>
    internal void FillFrom(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        InitialLearningRate = LearningRate!.Value;
        Merge(this, defaults);
    }

    internal OptimizerOptions Copy() => (OptimizerOptions)MemberwiseClone();

    /// <summary>Sets each hyper-parameter of its class to the first one's, or the second one's where that is null.</summary>
    private protected virtual void Merge(OptimizerOptions first, OptimizerOptions second)
    {
    }

    private protected static void Require(string name, double value, double below = double.PositiveInfinity)
    {
        if (!(value >= 0 && value < below))
            throw new ArgumentException($"{name} is {value}; it must lie in [0, {below}).");
    }
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
