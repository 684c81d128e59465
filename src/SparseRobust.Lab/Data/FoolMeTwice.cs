namespace SparseRobust.Lab.Data;

/// <summary>FoolMeTwice: claims that players wrote to mislead, with gold evidence, in FEVER's classes; plain or gzipped.</summary>
/// <remarks>Source: Eisenschlos et al. 2021. Claim first; second the gold evidence sentences, joined by spaces. Labels are SUPPORTS and REFUTES only. Slice: category.</remarks>
public static class FoolMeTwice
{
    private static readonly RowFormat Format = Fever.Format with
    {
        Title = "FoolMeTwice",
        Label = new("label"),
        First = new("text"),
        Second = new("gold_evidence") { Each = "text" },
        Slices = [("category", new("category", IsRequired: false))],
    };

    /// <summary>The training set, 10,419 rows.</summary>
    public static PublishedSplit Train { get; } = Make("train", 10_419);

    /// <summary>The dev set, 1,169 rows.</summary>
    public static PublishedSplit Dev { get; } = Make("dev", 1_169);

    /// <summary>The test set, 1,380 rows.</summary>
    public static PublishedSplit Test { get; } = Make("test", 1_380);

    private static PublishedSplit Make(string split, int rows) =>
        new("fool-me-twice", split, rows, [$"fool-me-twice/dataset/{split}.jsonl", $"fool-me-twice/{split}.jsonl", $"fm2/{split}.jsonl", $"fever/fm2_{split}.jsonl"], Format);
}
