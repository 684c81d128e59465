using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>The folders datasets are looked for in, in order: --data, then SPARSEROBUST_DATA (several joined by the path separator).</summary>
/// <param name="Folders">Absolute paths; may be empty.</param>
public sealed record DatasetFolders(IReadOnlyList<string> Folders)
{
    /// <summary>The environment variable that names data folders.</summary>
    public const string Variable = "SPARSEROBUST_DATA";

    /// <summary>The given folders, then those of SPARSEROBUST_DATA, as absolute paths without repeats.</summary>
    /// <param name="extra">Folders from --data; searched first.</param>
    public static DatasetFolders FromEnvironment(IReadOnlyList<string> extra)
    {
        ArgumentNullException.ThrowIfNull(extra);
        var listed = (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new DatasetFolders([.. extra.Where(folder => !string.IsNullOrWhiteSpace(folder)).Concat(listed).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The first candidate file there is, folder by folder.</summary>
    /// <param name="what">What is looked for, as the error names it: "MNLI train".</param>
    /// <param name="candidates">Paths below a folder, or absolute ones, the preferred first; each also with .gz added or taken away.</param>
    /// <exception cref="LabException">DatasetMissing, naming the candidates, the folders and how to set them.</exception>
    public string Find(string what, params IReadOnlyList<string> candidates) => TryFind(candidates) ?? throw new LabException(
        ProblemCode.DatasetMissing,
        $"{what} was not found. Looked for {string.Join(", ", candidates)} (plain or .gz) in {Searched()}. "
        + $"Put one of these files there, or name the folder that holds it with --data DIR or {Variable} (several joined by '{Path.PathSeparator}').");

    /// <summary>As <see cref="Find"/>, but null when there is none.</summary>
    internal string? TryFind(IReadOnlyList<string> candidates) =>
        candidates.Where(Path.IsPathRooted).SelectMany(Variants).Concat(Folders.SelectMany(_ => candidates.SelectMany(Variants), Path.Combine)).FirstOrDefault(File.Exists);

    /// <summary>The first folder of this name there is.</summary>
    /// <param name="candidate">Path below a data folder, or an absolute one.</param>
    internal string? TryFindFolder(string candidate) =>
        (Path.IsPathRooted(candidate) ? [candidate] : Folders.Select(folder => Path.Combine(folder, candidate))).FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> Variants(string candidate) =>
        candidate.EndsWith(".gz", StringComparison.Ordinal) ? [candidate, candidate[..^3]] : [candidate, candidate + ".gz"];

    private string Searched() => Folders.Count > 0 ? string.Join(", ", Folders) : $"no folder at all, since neither --data nor {Variable} names one";
}
