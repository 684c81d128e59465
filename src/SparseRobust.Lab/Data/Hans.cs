namespace SparseRobust.Lab.Data;

/// <summary>HANS, two-way: premise and hypothesis pairs made to defeat the heuristics lexical overlap, subsequence and constituent; plain or gzipped.</summary>
/// <remarks>Source: McCoy et al. 2019; SRNets, sec. 4.1. Slices: heuristic and subcase. A file whose name contains ".regen" was made anew with the official
/// templates and is named hans-regenerated, for its rows are not the published ones. Safe to call from several threads.</remarks>
public static class Hans
{
    private const int Label = 0, Premise = 1, Hypothesis = 2, PairId = 3, Heuristic = 4, Subcase = 5;
    private const int PublishedRows = 30_000;

    /// <summary>Dataset name of the original files.</summary>
    public const string OriginalName = "hans";

    /// <summary>Dataset name of regenerated files; shown as "HANS (regenerated)".</summary>
    public const string RegeneratedName = "hans-regenerated";

    /// <summary>Where the evaluation set may lie below a data folder.</summary>
    public static IReadOnlyList<string> EvaluationFiles { get; } = Candidates("evaluation");

    /// <summary>Where the training set may lie below a data folder.</summary>
    public static IReadOnlyList<string> TrainFiles { get; } = Candidates("train");

    private static readonly Field[] Fields =
        [new("gold_label"), new("sentence1"), new("sentence2"), new("pairID"), new("heuristic"), new("subcase"), new("template")];

    /// <summary>The evaluation set, 30,000 rows.</summary>
    /// <exception cref="Errors.LabException">DatasetMissing, DatasetInvalid.</exception>
    public static Dataset Evaluation(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return Read(folders.Find("HANS evaluation", EvaluationFiles), "evaluation", cancellation);
    }

    /// <summary>The training set, 30,000 rows; used only for the upper bound that trains on HANS itself.</summary>
    /// <exception cref="Errors.LabException">DatasetMissing, DatasetInvalid.</exception>
    public static Dataset Train(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return Read(folders.Find("HANS train", TrainFiles), "train", cancellation);
    }

    /// <summary>Reads one file.</summary>
    internal static Dataset Read(string path, string split, CancellationToken cancellation)
    {
        var labels = LabelSet.TwoWayNli;
        var slices = new SlicePool("heuristic", "subcase");
        var examples = new List<Example>();
        using var rows = DatasetRows.Open("HANS", path, Fields, cancellation);
        while (rows.Read())
        {
            if (labels.IndexOf(rows[Label]!) is >= 0 and var label)
                examples.Add(new Example(rows[PairId]!, rows[Premise]!, rows[Hypothesis]!, label) { Slices = slices.Of(rows[Heuristic], rows[Subcase]) });
            else
                rows.Reject($"the label \"{rows[Label]}\" is none of {string.Join(", ", labels.Names)}");
        }
        var name = Path.GetFileName(path).Contains(".regen", StringComparison.Ordinal) ? RegeneratedName : OriginalName;
        return rows.Complete(name, split, labels, examples) with { PublishedRows = PublishedRows };
    }

    private static string[] Candidates(string split) =>
    [
        $"heuristics_{split}_set.txt", $"hans/heuristics_{split}_set.txt", $"HANS/heuristics_{split}_set.txt",
        $"hans/heuristics_{split}_set.regen.txt", $"heuristics_{split}_set.regen.txt",
    ];
}
