using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Bias;

/// <summary>How much of the second text (h: hypothesis, question 2) is in the first (p: premise, question 1), over lower-cased <see cref="BiasTokenizer"/> words.</summary>
/// <remarks>
/// Source: Win-win Deal, app. B.3.1, and the preprocessing code it cites, of whose features these are the four without word vectors. Deviates: the features that compare word
/// vectors (4 average-sim, 5 min-similarity, 7 min2-similarity) are absent until word vectors are read.
/// <list type="number">
/// <item><c>h-is-subseq</c>: 1 when h is a contiguous run of words of p, else 0.</item>
/// <item><c>all-in-p</c>: 1 when every word of h is a word of p, else 0.</item>
/// <item><c>percent-in-p</c>: (words of h, counted as often as they occur, that are words of p) / len(h), in [0, 1].</item>
/// <item><c>log-len-diff</c>: ln(max(len(p) - len(h), 1)), in nats of words, at least 0.</item>
/// </list>
/// An h without words (null, empty or blank) has the first three features 0: nothing overlaps.
/// </remarks>
internal static class OverlapFeatures
{
    /// <summary>The features' names in column order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["h-is-subseq", "all-in-p", "percent-in-p", "log-len-diff"];

    /// <summary>The features of one pair, in the order of <see cref="Names"/>. Thread-safe.</summary>
    public static double[] Of(string first, string? second)
    {
        var p = BiasTokenizer.LowerCased(first);
        var h = BiasTokenizer.LowerCased(second ?? "");
        var logLengthDifference = Math.Log(Math.Max(p.Length - h.Length, 1));
        if (h.Length == 0)
            return [0, 0, 0, logLengthDifference];
        var wordsOfP = p.ToHashSet(StringComparer.Ordinal);
        var shared = h.Count(wordsOfP.Contains);
        return [p.AsSpan().IndexOf(h) >= 0 ? 1 : 0, shared == h.Length ? 1 : 0, (double)shared / h.Length, logLengthDifference];
    }

    /// <summary>The features of every row of a dataset, one matrix row per example.</summary>
    public static FeatureMatrix Of(Dataset dataset, CancellationToken cancellation)
    {
        var values = new double[dataset.Examples.Count * Names.Count];
        for (var i = 0; i < dataset.Examples.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var example = dataset.Examples[i];
            Of(example.FirstText, example.SecondText).CopyTo(values, i * Names.Count);
        }
        return new FeatureMatrix(Names.Count, values);
    }
}
