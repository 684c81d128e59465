namespace SparseRobust.Lab.Data;

/// <summary>MultiNLI, three-way: the training set and the matched dev set, as published (JSON lines or tab-separated) or as GLUE's tables; plain or gzipped.</summary>
/// <remarks>Source: Williams et al. 2018; SRNets, sec. 4.1. Premise first, hypothesis second. Rows whose gold label is "-" are left out and counted. Slice: genre,
/// where the file has one. Safe to call from several threads.</remarks>
public static class Mnli
{
    private const int Label = 0, Premise = 1, Hypothesis = 2, PairId = 3, Genre = 4;
    private const string NoGoldLabel = "-";

    /// <summary>Where the training set may lie below a data folder.</summary>
    public static IReadOnlyList<string> TrainFiles { get; } = [.. Originals("train", "train"), "mnli/train_subset.jsonl"];

    /// <summary>Where the matched dev set may lie below a data folder.</summary>
    public static IReadOnlyList<string> DevMatchedFiles { get; } = Originals("dev_matched", "dev_matched");

    // GLUE's tables have sentence1 in column 8, sentence2 in column 9 and the label last.
    private static readonly Field[] Fields =
    [
        new("gold_label") { Column = -1 }, new("sentence1") { Column = 8 }, new("sentence2") { Column = 9 },
        new("pairID", IsRequired: false) { Column = 2 }, new("genre", IsRequired: false) { Column = 3 },
    ];

    /// <summary>The training set, 392,702 rows as published.</summary>
    /// <exception cref="Errors.LabException">DatasetMissing, DatasetInvalid.</exception>
    public static Dataset Train(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return Read(folders.Find("MNLI train", TrainFiles), "train", 392_702, cancellation);
    }

    /// <summary>The matched dev set, 9,815 rows.</summary>
    /// <exception cref="Errors.LabException">DatasetMissing, DatasetInvalid.</exception>
    public static Dataset DevMatched(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return Read(folders.Find("MNLI dev matched", DevMatchedFiles), "dev_matched", 9_815, cancellation);
    }

    /// <summary>Reads one file in whichever format it is.</summary>
    internal static Dataset Read(string path, string split, int publishedRows, CancellationToken cancellation)
    {
        var labels = LabelSet.ThreeWayNli;
        var slices = new SlicePool("genre");
        var examples = new List<Example>();
        var unlabelled = 0;
        using var rows = DatasetRows.Open("MNLI", path, Fields, cancellation);
        while (rows.Read())
        {
            if (rows[Label] == NoGoldLabel)
                unlabelled++;
            else if (labels.IndexOf(rows[Label]!) is >= 0 and var label)
                examples.Add(new Example(IdOf(rows[PairId], rows.Line), rows[Premise]!, rows[Hypothesis]!, label) { Slices = slices.Of(rows[Genre]) });
            else
                rows.Reject($"the label \"{rows[Label]}\" is none of {string.Join(", ", labels.Names)}");
        }
        return rows.Complete("mnli", split, labels, examples) with { UnlabelledRows = unlabelled, PublishedRows = publishedRows };
    }

    private static string IdOf(string? id, int line) => string.IsNullOrEmpty(id) ? line.ToString(System.Globalization.CultureInfo.InvariantCulture) : id;

    private static string[] Originals(string official, string glue) =>
    [
        $"multinli_1.0_{official}.jsonl", $"multinli_1.0/multinli_1.0_{official}.jsonl", $"mnli/multinli_1.0_{official}.jsonl",
        $"multinli_1.0_{official}.txt", $"multinli_1.0/multinli_1.0_{official}.txt", $"mnli/multinli_1.0_{official}.txt",
        $"MNLI/{glue}.tsv", $"glue/MNLI/{glue}.tsv", $"glue_data/MNLI/{glue}.tsv", $"mnli/{official}.jsonl",
    ];
}
