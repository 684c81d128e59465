namespace SparseRobust.Lab.Data;

/// <summary>FEVER-Symmetric: claims of FEVER's dev set and their counterparts, so that no claim gives away its label; plain or gzipped.</summary>
/// <remarks>Source: Schuster et al. 2019; SRNets, sec. 4.1. Labels are SUPPORTS and REFUTES only, kept in FEVER's three classes: a prediction of NOT ENOUGH INFO is
/// wrong. Half of the rows of version 0.2's dev set and half of its test set stand in version 0.1's generated set, too.</remarks>
public static class FeverSymmetric
{
    private static readonly RowFormat Format = Fever.Format with { Title = "FEVER-Symmetric" };

    /// <summary>Version 0.1, the generated rows: 717. The papers' "Symm. v1".</summary>
    public static PublishedSplit V1Generated { get; } = Make("v1", "generated", 717);

    /// <summary>Version 0.1 with the original rows: 956.</summary>
    public static PublishedSplit V1Full { get; } = Make("v1", "full", 956);

    /// <summary>Version 0.2, the part that may be trained on: 708 rows.</summary>
    public static PublishedSplit V2Dev { get; } = Make("v2", "dev", 708);

    /// <summary>Version 0.2, the test part: 712 rows. The papers' "Symm. v2".</summary>
    public static PublishedSplit V2Test { get; } = Make("v2", "test", 712);

    private static PublishedSplit Make(string version, string split, int rows)
    {
        var file = $"fever_symmetric_{split}.jsonl";
        var folder = version == "v1" ? "symmetric_v0.1" : "symmetric_v0.2";
        string[] files = [$"{folder}/{file}", $"fever_symmetric/{folder}/{file}", $"FeverSymmetric/{folder}/{file}", file];
        return new PublishedSplit($"fever-symmetric-{version}", split, rows, files, Format with { Title = $"FEVER-Symmetric {version}" });
    }
}
