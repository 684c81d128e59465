namespace SparseRobust.Web.Runs;

/// <summary>A column of a table of runs: the main metric over all rows of a dataset's split.</summary>
public sealed record ScoreColumn(string Dataset, string Split, string Metric);

/// <summary>A run's number in a column, and over how many rows it is.</summary>
public sealed record ScoreCell(double Value, int N);
