using SparseRobust.Lab.Models;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Runs;

/// <summary>Mask densities as the rows and columns of a heat map: layers down, kinds of matrix across in the order of the forward pass.</summary>
internal sealed record MaskGrid(IReadOnlyList<string> Columns, IReadOnlyList<DensityRow> Shares)
{
    public static MaskGrid Of(IReadOnlyList<MatrixView> matrices)
    {
        var kinds = matrices.Select(matrix => matrix.Kind).Distinct().OrderBy(Order).ToList();
        // The encoder's layers, then what lies outside of it.
        var layers = matrices.GroupBy(matrix => matrix.Layer).OrderBy(layer => layer.Key < 0).ThenBy(layer => layer.Key);
        return new MaskGrid(
            [.. kinds.Select(Words.Spaced)],
            [.. layers.Select(layer => new DensityRow(layer.Key < 0 ? "outside" : Words.Whole(layer.Key), [.. kinds.Select(kind => layer.FirstOrDefault(matrix => matrix.Kind == kind)?.Density)]))]);
    }

    private static int Order(string kind) => Enum.TryParse<MatrixKind>(kind.Replace("_", "", StringComparison.Ordinal), true, out var known) ? (int)known : int.MaxValue;
}
