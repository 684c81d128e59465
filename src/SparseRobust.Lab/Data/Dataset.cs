using System.Security.Cryptography;
using System.Text;

namespace SparseRobust.Lab.Data;

/// <summary>One labelled text or text pair.</summary>
/// <param name="Id">The source's own id, or its line number.</param>
/// <param name="FirstText">Premise, question 1, claim: the first segment.</param>
/// <param name="SecondText">Hypothesis, question 2, evidence: the second segment; null for single sentences.</param>
/// <param name="Label">Class id in the dataset's <see cref="LabelSet"/>.</param>
public sealed record Example(string Id, string FirstText, string? SecondText, int Label)
{
    /// <summary>Named groups the example belongs to, by which scores are broken down (heuristic, subcase, genre). Empty by default.</summary>
    public IReadOnlyDictionary<string, string> Slices { get; init; } = NoSlices;

    /// <summary>The gold value of a graded pair (STS-B: similarity from 0 to 5); null in classification.</summary>
    public float? Target { get; init; }

    private static readonly Dictionary<string, string> NoSlices = [];
}

/// <summary>A row that could not be read.</summary>
/// <param name="Line">Line number in the (decompressed) file, 1-based.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BrokenRow(int Line, string Reason);

/// <summary>A split of a dataset, read whole.</summary>
/// <param name="Name">Dataset name as scores show it: mnli, hans, shortcut-nli; of a mixture those of its parts: mnli+hans.</param>
/// <param name="Split">Split name as scores show it: train, dev_matched, evaluation, dev, ood, ood-reversed.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Examples">All rows, in file order.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of the decompressed file, or of the generator's version and settings, or of the parts it was put together from.</param>
public sealed record Dataset(string Name, string Split, LabelSet Labels, IReadOnlyList<Example> Examples, string Sha256)
{
    /// <summary>Rows left out because they were broken, at most max(10, 0.1 % of the rows).</summary>
    public IReadOnlyList<BrokenRow> BrokenRows { get; init; } = [];

    /// <summary>Rows left out by the format's own rule (an MNLI gold label of "-").</summary>
    public int UnlabelledRows { get; init; }

    /// <summary>Rows left out of a training set because an evaluation set holds them, or their claim.</summary>
    public int WithheldRows { get; init; }

    /// <summary>How many rows the published split has, or null when unknown: what makes "22,560 of 392,702" possible.</summary>
    public int? PublishedRows { get; init; }

    /// <summary>Path of the file read, or null for generated data. Shown to people; never part of an identity.</summary>
    public string? SourcePath { get; init; }

    /// <summary>Of a mixture, the files of the parts after the first. Never part of an identity.</summary>
    public IReadOnlyList<string> FurtherSourcePaths { get; init; } = [];

    /// <summary>Lower-case hex SHA-256 of data made from other data: of what was done and of the parts' identities, in this order.</summary>
    internal static string DerivedSha256(params IReadOnlyList<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    /// <summary>Rows per class id.</summary>
    public IReadOnlyList<int> LabelCounts()
    {
        var counts = new int[Labels.Count];
        foreach (var example in Examples)
            counts[example.Label]++;
        return counts;
    }
}
