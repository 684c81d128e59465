using SparseRobust.Lab.Data;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Bias;

/// <summary>Divides a dataset's rows into folds of equal size with equal shares of every label.</summary>
internal static class FoldAssignment
{
    /// <summary>The fold, 0 .. <paramref name="folds"/> - 1, of each row. Sizes differ by at most 1, and so do the counts of each label. The same every time.</summary>
    /// <remarks>Rows of a label are shuffled by <see cref="SplitMix64"/> from (seed, label) and dealt in turn; the next label goes on where the last one stopped.</remarks>
    public static int[] Stratified(Dataset dataset, int folds, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var rowsOfLabel = dataset.Examples.Select((example, row) => (example.Label, row)).ToLookup(pair => pair.Label, pair => pair.row);
        var foldOfRow = new int[dataset.Examples.Count];
        var dealt = 0;
        for (var label = 0; label < dataset.Labels.Count; label++)
        {
            var rows = rowsOfLabel[label].ToArray();
            foreach (var position in SplitMix64.From(seed, label).Permutation(rows.Length))
                foldOfRow[rows[position]] = dealt++ % folds;
        }
        return foldOfRow;
    }
}
