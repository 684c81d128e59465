using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Evaluation;

/// <summary>Accuracy per gold label, per heuristic, and per heuristic and gold label: HANS's six numbers.</summary>
/// <remarks>Source: McCoy et al. 2019. Works on any dataset whose rows name a heuristic.</remarks>
internal static class HansBreakdown
{
    /// <summary>The slice that names a heuristic.</summary>
    public const string Heuristic = "heuristic";

    /// <summary>The slices of a dataset, ordered by name; a row without heuristic counts only in its label's slice.</summary>
    public static IEnumerable<(string Name, double Accuracy, int N)> Slices(Dataset dataset, IReadOnlyList<bool> correct)
    {
        var accuracies = new SliceAccuracies();
        for (var i = 0; i < dataset.Examples.Count; i++)
        {
            var example = dataset.Examples[i];
            var label = dataset.Labels.Names[example.Label];
            accuracies.Count($"label={label}", correct[i]);
            if (!example.Slices.TryGetValue(Heuristic, out var heuristic))
                continue;
            accuracies.Count($"{Heuristic}={heuristic}", correct[i]);
            accuracies.Count($"{Heuristic}={heuristic},label={label}", correct[i]);
        }
        return accuracies.All();
    }
}
