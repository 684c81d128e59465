namespace SparseRobust.Lab.Recipes;

/// <summary>Marks a record that may be null, but not beside every kind of spec: pruning_training is needed by pruning methods that learn.</summary>
/// <param name="spec">The property beside it that holds the spec: Pruning.</param>
/// <param name="condition">The spec's property that says whether this kind needs the record: NeedsTraining. It must not depend on the kind's settings.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeededWhereAttribute(string spec, string condition) : Attribute
{
    /// <summary>The property beside it that holds the spec.</summary>
    public string Spec { get; } = spec;

    /// <summary>The spec's property that says whether this kind needs the record.</summary>
    public string Condition { get; } = condition;
}
