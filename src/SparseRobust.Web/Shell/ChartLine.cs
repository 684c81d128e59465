namespace SparseRobust.Web.Shell;

/// <summary>One line of a chart: the metric's key and its points in the order of the run-wide step.</summary>
public sealed record ChartLine(string Key, IReadOnlyList<ChartPoint> Points);

/// <summary>A value at a position on the run-wide step axis.</summary>
public readonly record struct ChartPoint(long Step, double Value);
