namespace SparseRobust.Lab.Data;

/// <summary>The folders datasets are looked for in, in order: --data, then SPARSEROBUST_DATA (several joined by the path separator).</summary>
/// <param name="Folders">Absolute paths; may be empty.</param>
public sealed record DatasetFolders(IReadOnlyList<string> Folders);
