using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Bias;

/// <summary>Which overlap features there are.</summary>
public enum OverlapFeatureSet
{
    /// <summary>All seven of the cited code; without word vectors, the four of them that need none.</summary>
    AllSeven,

    /// <summary>The five that the paper lists; without word vectors, the three of them that need none.</summary>
    PaperFive,
}

/// <summary>How much of the second text (h: hypothesis, question 2) is in the first (p: premise, question 1), over <see cref="BiasTokenizer"/> words.</summary>
/// <remarks>
/// Source: Win-win Deal, app. B.3.1, which lists the first five; and the preprocessing code it cites, which has all seven.
/// Words are compared lower-cased; word vectors are looked up in a word's own case, then in lower case.
/// <list type="number">
/// <item><c>h-is-subseq</c>: 1 when h is a contiguous run of words of p, else 0.</item>
/// <item><c>all-in-p</c>: 1 when every word of h is a word of p, else 0.</item>
/// <item><c>percent-in-p</c>: (words of h, counted as often as they occur, that are words of p) / len(h), in [0, 1].</item>
/// <item><c>average-sim</c>: the sum, over the words of h that have a vector, of the largest cosine to a word of p, divided by len(h), all words of h counted.</item>
/// <item><c>min-similarity</c>: the smallest of those largest cosines; 0 when there is none.</item>
/// <item><c>log-len-diff</c>: ln(max(len(p) - len(h), 1)), in nats of words, at least 0.</item>
/// <item><c>min2-similarity</c>: the second smallest of those cosines; 0 when there are fewer than two.</item>
/// </list>
/// An h without words (null, empty or blank) has all but the sixth 0: nothing overlaps.
/// </remarks>
/// <param name="set">Which of them.</param>
/// <param name="vectors">Word vectors; null leaves 4, 5 and 7 out.</param>
internal sealed class OverlapFeatures(OverlapFeatureSet set, WordVectors? vectors)
{
    private static readonly string[] AllNames = ["h-is-subseq", "all-in-p", "percent-in-p", "average-sim", "min-similarity", "log-len-diff", "min2-similarity"];
    private static readonly int[] OfVectors = [3, 4, 6];
    private const int InPaper = 5;

    private readonly int[] _kept = [.. Enumerable.Range(0, AllNames.Length).Where(feature =>
        (vectors is not null || !OfVectors.Contains(feature)) && (set == OverlapFeatureSet.AllSeven || feature < InPaper))];

    /// <summary>The features' names in column order.</summary>
    public IReadOnlyList<string> Names => [.. _kept.Select(feature => AllNames[feature])];

    /// <summary>The features of one pair, in the order of <see cref="Names"/>. Thread-safe.</summary>
    public double[] Of(string first, string? second)
    {
        var (p, h) = (BiasTokenizer.Words(first), BiasTokenizer.Words(second ?? ""));
        var all = new double[AllNames.Length];
        all[5] = Math.Log(Math.Max(p.Count - h.Count, 1));
        if (h.Count > 0)
        {
            Overlap(Lower(p), Lower(h), all);
            if (vectors is not null)
                Similarity(p, h, vectors, all);
        }
        return [.. _kept.Select(feature => all[feature])];
    }

    /// <summary>The features of every row of a dataset, one matrix row per example.</summary>
    public FeatureMatrix Of(Dataset dataset, CancellationToken cancellation)
    {
        var values = new double[dataset.Examples.Count * _kept.Length];
        for (var i = 0; i < dataset.Examples.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var example = dataset.Examples[i];
            Of(example.FirstText, example.SecondText).CopyTo(values, i * _kept.Length);
        }
        return new FeatureMatrix(_kept.Length, values);
    }

    private static string[] Lower(List<string> words) => [.. words.Select(word => word.ToLowerInvariant())];

    private static void Overlap(string[] p, string[] h, double[] features)
    {
        var wordsOfP = p.ToHashSet(StringComparer.Ordinal);
        var shared = h.Count(wordsOfP.Contains);
        features[0] = p.AsSpan().IndexOf(h) >= 0 ? 1 : 0;
        features[1] = shared == h.Length ? 1 : 0;
        features[2] = (double)shared / h.Length;
    }

    private static void Similarity(List<string> p, List<string> h, WordVectors vectors, double[] features)
    {
        var ofP = p.Distinct(StringComparer.Ordinal).Where(word => !vectors.Of(word).IsEmpty).ToList();
        if (ofP.Count == 0)
            return;
        var largest = h.Where(word => !vectors.Of(word).IsEmpty).Select(word => ofP.Max(other => WordVectors.Cosine(vectors.Of(word), vectors.Of(other)))).ToList();
        features[3] = largest.Sum() / h.Count;
        largest.Sort();
        (features[4], features[6]) = (largest.ElementAtOrDefault(0), largest.ElementAtOrDefault(1));
    }
}
