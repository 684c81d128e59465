using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>The classes of a task in the order of their ids. Labels are always mapped by name: public sources disagree about ids.</summary>
/// <param name="Names">Class names, id 0 first.</param>
public sealed record LabelSet(IReadOnlyList<string> Names)
{
    /// <summary>Three-way NLI in Hugging Face's order: contradiction 0, entailment 1, neutral 2.</summary>
    public static LabelSet ThreeWayNli { get; } = new(["contradiction", "entailment", "neutral"]);

    /// <summary>HANS: non-entailment 0, entailment 1.</summary>
    public static LabelSet TwoWayNli { get; } = new(["non-entailment", "entailment"]);

    /// <summary>How many classes there are.</summary>
    public int Count => Names.Count;

    /// <summary>The id of a class name (exact match), or -1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
            if (string.Equals(Names[i], name, StringComparison.Ordinal))
                return i;
        return -1;
    }

    /// <summary>The id of a class name.</summary>
    /// <exception cref="LabException">DatasetInvalid when there is no such class.</exception>
    public int Require(string name)
    {
        var index = IndexOf(name);
        return index >= 0 ? index : throw new LabException(ProblemCode.DatasetInvalid, $"\"{name}\" is not one of the labels {string.Join(", ", Names)}.");
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) => other is not null && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override int GetHashCode() => Names.Aggregate(0, HashCode.Combine);
}
