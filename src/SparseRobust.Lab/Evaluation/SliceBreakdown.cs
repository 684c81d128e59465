using System.Runtime.CompilerServices;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Evaluation;

/// <summary>Accuracy per value of every slice that rows name (genre, subcase), and per quartile of word overlap and of length over the dataset.</summary>
/// <remarks>
/// Heuristics are left to <see cref="HansBreakdown"/>. The quartiles' names hold their bounds (<see cref="Quartiles"/>).
/// <c>overlap_quartile</c>: the share of the second text's words that occur in the first (<c>percent-in-p</c> of <see cref="OverlapFeatures"/>, 0 when the
/// second has none); rows without a second text are in no such group.
/// <c>length_quartile</c>: words of both texts, parted by white space.
/// A dataset's groups are computed when it is first broken down and kept as long as it is. Thread-safe.
/// </remarks>
internal static class SliceBreakdown
{
    private static readonly ConditionalWeakTable<Dataset, IReadOnlyList<string?>[]> QuartilesOf = [];

    /// <summary>The slices of a dataset, ordered by name.</summary>
    public static IEnumerable<(string Name, double Accuracy, int N)> Slices(Dataset dataset, IReadOnlyList<bool> correct)
    {
        var accuracies = new SliceAccuracies();
        for (var i = 0; i < dataset.Examples.Count; i++)
            foreach (var (slice, value) in dataset.Examples[i].Slices)
                if (slice != HansBreakdown.Heuristic)
                    accuracies.Count($"{slice}={value}", correct[i]);
        foreach (var names in QuartilesOf.GetValue(dataset, Quartile))
            for (var i = 0; i < names.Count; i++)
                if (names[i] is { } name)
                    accuracies.Count(name, correct[i]);
        return accuracies.All();
    }

    private static IReadOnlyList<string?>[] Quartile(Dataset dataset) =>
    [
        Quartiles.NamesOf("overlap_quartile", [.. dataset.Examples.Select(Overlap)]),
        Quartiles.NamesOf("length_quartile", [.. dataset.Examples.Select(example => (double?)(WordCount(example.FirstText) + WordCount(example.SecondText)))], "_words"),
    ];

    private static double? Overlap(Example example)
    {
        if (example.SecondText is null)
            return null;
        var second = BiasTokenizer.LowerCased(example.SecondText);
        var wordsOfFirst = BiasTokenizer.LowerCased(example.FirstText).ToHashSet(StringComparer.Ordinal);
        return second.Length == 0 ? 0 : (double)second.Count(wordsOfFirst.Contains) / second.Length;
    }

    private static int WordCount(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length ?? 0;
}
