namespace SparseRobust.Lab.Evaluation;

/// <summary>How often each gold class was predicted as each class: all that accuracy, F1 and Matthews' correlation need. Immutable and thread-safe.</summary>
internal sealed class ConfusionMatrix
{
    // Row: gold class. The last column counts predictions that are none of the classes.
    private readonly int[] _counts;

    private ConfusionMatrix(int[] counts, int classes, int n) => (_counts, Classes, N) = (counts, classes, n);

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>How many rows were counted.</summary>
    public int N { get; }

    /// <summary>Counts the rows.</summary>
    /// <param name="predicted">Predicted class ids; a negative one is none of the classes, which is wrong whatever the gold class is.</param>
    /// <param name="gold">Gold class ids, 0 .. classes - 1, one per prediction.</param>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class id is too large, or a gold one negative.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> predicted, ReadOnlySpan<int> gold, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (predicted.Length != gold.Length)
            throw new ArgumentException($"{predicted.Length} predictions cannot be judged by {gold.Length} gold classes.", nameof(predicted));
        var counts = new int[classes * (classes + 1)];
        for (var i = 0; i < gold.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(gold[i], nameof(gold));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(gold[i], classes, nameof(gold));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(predicted[i], classes, nameof(predicted));
            counts[gold[i] * (classes + 1) + (predicted[i] < 0 ? classes : predicted[i])]++;
        }
        return new ConfusionMatrix(counts, classes, gold.Length);
    }

    /// <summary>Rows of class c that were predicted as class c: its true positives.</summary>
    public int Correct(int c) => Count(c, c);

    /// <summary>Rows whose gold class is c: its support.</summary>
    public int Gold(int c) => _counts.AsSpan(c * (Classes + 1), Classes + 1).ToArray().Sum();

    /// <summary>Rows that were predicted as class c.</summary>
    public int Predicted(int c) => Enumerable.Range(0, Classes).Sum(gold => Count(gold, c));

    /// <summary>Rows whose prediction is right.</summary>
    public int Correct() => Enumerable.Range(0, Classes).Sum(Correct);

    private int Count(int gold, int predicted) => _counts[gold * (Classes + 1) + predicted];
}
