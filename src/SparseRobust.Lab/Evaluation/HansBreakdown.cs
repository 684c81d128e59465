using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Evaluation;

/// <summary>Accuracy per gold label, per heuristic, and per heuristic and gold label: HANS's six numbers.</summary>
/// <remarks>Source: McCoy et al. 2019. Works on any dataset whose rows name a heuristic.</remarks>
internal static class HansBreakdown
{
    /// <summary>The slices of a dataset, ordered by name; a row without heuristic counts only in its label's slice.</summary>
    public static IEnumerable<(string Name, double Accuracy, int N)> Slices(Dataset dataset, IReadOnlyList<bool> correct)
    {
        var counts = new SortedDictionary<string, (int Correct, int N)>(StringComparer.Ordinal);
        for (var i = 0; i < dataset.Examples.Count; i++)
        {
            var example = dataset.Examples[i];
            var label = dataset.Labels.Names[example.Label];
            Count($"label={label}", correct[i]);
            if (!example.Slices.TryGetValue("heuristic", out var heuristic))
                continue;
            Count($"heuristic={heuristic}", correct[i]);
            Count($"heuristic={heuristic},label={label}", correct[i]);
        }
        return counts.Select(entry => (entry.Key, (double)entry.Value.Correct / entry.Value.N, entry.Value.N));

        void Count(string name, bool isCorrect)
        {
            var (right, n) = counts.GetValueOrDefault(name);
            counts[name] = (right + (isCorrect ? 1 : 0), n + 1);
        }
    }
}
