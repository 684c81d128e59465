using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>The classes of a task in the order of their ids. Labels are always mapped by name: public sources disagree about ids.</summary>
/// <param name="Names">Class names, id 0 first.</param>
public sealed record LabelSet(IReadOnlyList<string> Names)
{
    /// <summary>Three-way NLI in Hugging Face's order: contradiction 0, entailment 1, neutral 2.</summary>
    public static LabelSet ThreeWayNli { get; } = new(["contradiction", "entailment", "neutral"]);

    /// <summary>HANS: non-entailment 0, entailment 1.</summary>
    public static LabelSet TwoWayNli { get; } = new(["non-entailment", "entailment"]) { PositiveClass = 1 };

    /// <summary>QQP and PAWS: not-duplicate 0, duplicate 1.</summary>
    public static LabelSet Paraphrase { get; } = new(["not-duplicate", "duplicate"]) { PositiveClass = 1 };

    /// <summary>FEVER and the sets after it: SUPPORTS 0, REFUTES 1, NOT ENOUGH INFO 2.</summary>
    public static LabelSet FactVerification { get; } = new(["SUPPORTS", "REFUTES", "NOT ENOUGH INFO"]);

    /// <summary>A graded task (STS-B): one output, whose target is <see cref="Example.Target"/>; every row's label id is 0.</summary>
    public static LabelSet Regression { get; } = new(["score"]);

    /// <summary>The class that F1 of the positive class is about, in a set of two classes; null where no class is the positive one. Not part of equality.</summary>
    public int? PositiveClass { get; init; }

    /// <summary>Whether the task is graded rather than classified.</summary>
    public bool IsRegression => Count == 1;

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
