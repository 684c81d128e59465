namespace SparseRobust.Lab.Data;

/// <summary>HANS, two-way: premise and hypothesis pairs made to defeat the heuristics lexical overlap, subsequence and constituent; plain or gzipped.</summary>
/// <remarks>Source: McCoy et al. 2019; SRNets, sec. 4.1. Slices: heuristic, subcase and template. A file whose name contains ".regen" was made anew with the
/// official templates and is named hans-regenerated, for its rows are not the published ones.</remarks>
public static class Hans
{
    /// <summary>Dataset name of the original files.</summary>
    public const string OriginalName = "hans";

    /// <summary>Dataset name of regenerated files; shown as "HANS (regenerated)".</summary>
    public const string RegeneratedName = "hans-regenerated";

    private static readonly RowFormat Format = new("HANS", LabelSet.TwoWayNli)
    {
        Label = new("gold_label"),
        First = new("sentence1"),
        Second = new("sentence2"),
        Id = new("pairID"),
        Slices = [("heuristic", new("heuristic")), ("subcase", new("subcase")), ("template", new("template"))],
    };

    /// <summary>The evaluation set, 30,000 rows.</summary>
    public static PublishedSplit Evaluation { get; } = Make("evaluation");

    /// <summary>The training set, 30,000 rows; used only for the upper bound that trains on HANS itself.</summary>
    public static PublishedSplit Train { get; } = Make("train");

    private static PublishedSplit Make(string split) =>
        new(OriginalName, split, 30_000, $"HANS {split}", Files(split), (path, cancellation) => Format.Read(path, NameOf(path), split, cancellation));

    private static string NameOf(string path) => Path.GetFileName(path).Contains(".regen", StringComparison.Ordinal) ? RegeneratedName : OriginalName;

    private static string[] Files(string split) =>
    [
        $"heuristics_{split}_set.txt", $"hans/heuristics_{split}_set.txt", $"HANS/heuristics_{split}_set.txt",
        $"hans/heuristics_{split}_set.regen.txt", $"heuristics_{split}_set.regen.txt",
    ];
}
