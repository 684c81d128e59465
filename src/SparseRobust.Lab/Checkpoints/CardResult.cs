namespace SparseRobust.Lab.Checkpoints;

/// <summary>A result on a model card: never without its set, split, number of rows and seeds.</summary>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Revision">SHA-256 of the data.</param>
/// <param name="Split">The split.</param>
/// <param name="Metric">accuracy, f1, matthews_correlation, pearson, spearman, exact_match, ...</param>
/// <param name="Value">The metric's value, accuracy as a fraction in [0, 1]; over several seeds, the mean. Not NaN.</param>
/// <param name="N">Rows it was measured on, at least 1.</param>
/// <param name="Seeds">The runs' seeds, at least one.</param>
public sealed record CardResult(string Dataset, string Revision, string Split, string Metric, double Value, int N, IReadOnlyList<long> Seeds);
