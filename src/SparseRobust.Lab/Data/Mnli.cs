namespace SparseRobust.Lab.Data;

/// <summary>MultiNLI, three-way: the training set and both dev sets, as published (JSON lines or tab-separated) or as GLUE's tables; plain or gzipped.</summary>
/// <remarks>Source: Williams et al. 2018; SRNets, sec. 4.1. Premise first, hypothesis second. Rows whose gold label is "-" are left out and counted. Slice: genre,
/// where the file has one.</remarks>
public static class Mnli
{
    // GLUE's tables have sentence1 in column 8, sentence2 in column 9 and the label last.
    private static readonly RowFormat Format = new("MNLI", LabelSet.ThreeWayNli)
    {
        Label = new("gold_label") { Column = -1 },
        First = new("sentence1") { Column = 8 },
        Second = new("sentence2") { Column = 9 },
        Id = new("pairID", IsRequired: false) { Column = 2 },
        Slices = [("genre", new("genre", IsRequired: false) { Column = 3 })],
        NoLabel = "-",
    };

    /// <summary>The training set, 392,702 rows.</summary>
    public static PublishedSplit Train { get; } = new("mnli", "train", 392_702, [.. Files("train"), "mnli/train_subset.jsonl"], Format);

    /// <summary>The dev set of the training set's genres, 9,815 rows.</summary>
    public static PublishedSplit DevMatched { get; } = new("mnli", "dev_matched", 9_815, Files("dev_matched"), Format);

    /// <summary>The dev set of other genres, 9,832 rows.</summary>
    public static PublishedSplit DevMismatched { get; } = new("mnli", "dev_mismatched", 9_832, Files("dev_mismatched"), Format);

    private static string[] Files(string split) =>
    [
        $"multinli_1.0_{split}.jsonl", $"multinli_1.0/multinli_1.0_{split}.jsonl", $"mnli/multinli_1.0_{split}.jsonl",
        $"multinli_1.0_{split}.txt", $"multinli_1.0/multinli_1.0_{split}.txt", $"mnli/multinli_1.0_{split}.txt",
        .. Glue.Files("MNLI", split), $"mnli/{split}.jsonl",
    ];
}
