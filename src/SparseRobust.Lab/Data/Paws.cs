namespace SparseRobust.Lab.Data;

/// <summary>PAWS, two-way: pairs with many words in common that are paraphrases or not, made from QQP and from Wikipedia; plain or gzipped.</summary>
/// <remarks>Source: Zhang, Baldridge and He 2019; SRNets, sec. 4.1. PAWS-Wiki is its "labeled final" part. A PAWS-QQP that was built with the public script under
/// Python 3 holds byte literals, which are undone (<see cref="PythonBytes"/>).</remarks>
public static class Paws
{
    private static readonly RowFormat Format = new("PAWS", LabelSet.Paraphrase)
    {
        Label = new("label"),
        First = new("sentence1"),
        Second = new("sentence2"),
        Id = new("id"),
        LabelWords = ["0", "1"],
        Text = PythonBytes.Undo,
    };

    private static readonly string[] QqpFolders = ["paws_qqp", "paws_qqp/output", "PAWS-QQP", "paws/paws_qqp"];

    private static readonly string[] WikiFolders = ["paws_wiki", "paws_wiki/final", "paws_wiki_labeled_final", "PAWS-Wiki", "paws/final", "final"];

    /// <summary>PAWS-QQP's training set, 11,988 rows.</summary>
    public static PublishedSplit QqpTrain { get; } = Make("paws-qqp", "train", 11_988, QqpFolders);

    /// <summary>PAWS-QQP's only evaluation set, 677 rows.</summary>
    public static PublishedSplit QqpDevAndTest { get; } = Make("paws-qqp", "dev_and_test", 677, QqpFolders);

    /// <summary>PAWS-Wiki's training set, 49,401 rows.</summary>
    public static PublishedSplit WikiTrain { get; } = Make("paws-wiki", "train", 49_401, WikiFolders);

    /// <summary>PAWS-Wiki's dev set, 8,000 rows.</summary>
    public static PublishedSplit WikiDev { get; } = Make("paws-wiki", "dev", 8_000, WikiFolders);

    /// <summary>PAWS-Wiki's test set, 8,000 rows.</summary>
    public static PublishedSplit WikiTest { get; } = Make("paws-wiki", "test", 8_000, WikiFolders);

    private static PublishedSplit Make(string name, string split, int rows, string[] folders) =>
        new(name, split, rows, [.. folders.Select(folder => $"{folder}/{split}.tsv")], Format with { Title = name == "paws-qqp" ? "PAWS-QQP" : "PAWS-Wiki" });
}
