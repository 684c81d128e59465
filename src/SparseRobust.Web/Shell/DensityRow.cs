namespace SparseRobust.Web.Shell;

/// <summary>A row of a heat map; values in [0, 1], null where there is none.</summary>
public sealed record DensityRow(string Name, IReadOnlyList<double?> Values);
