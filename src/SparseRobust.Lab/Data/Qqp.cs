namespace SparseRobust.Lab.Data;

/// <summary>Quora question pairs, two-way, as GLUE's tables; plain or gzipped.</summary>
/// <remarks>Source: Wang et al. 2019 (GLUE); SRNets, sec. 4.1. Rows with other than six cells are broken. Published sizes are those of the readable rows of GLUE's
/// files; SRNets, table 1, prints 363,849 and 40,432. Quora's own release has no train and dev parts and quotes its cells: a quoted header is refused, and of
/// records broken over lines each piece counts as broken.</remarks>
public static class Qqp
{
    private static readonly RowFormat Format = new("QQP", LabelSet.Paraphrase)
    {
        Label = new("is_duplicate"),
        First = new("question1"),
        Second = new("question2"),
        Id = new("id"),
        LabelWords = ["0", "1"],
    };

    /// <summary>The training set, 363,846 rows.</summary>
    public static PublishedSplit Train { get; } = new("qqp", "train", 363_846, [.. Glue.Files("QQP", "train"), .. Glue.Files("QQP", "train_subset")], Format);

    /// <summary>The dev set, 40,430 rows.</summary>
    public static PublishedSplit Dev { get; } = new("qqp", "dev", 40_430, Glue.Files("QQP", "dev"), Format);
}
