namespace SparseRobust.Lab.Data;

/// <summary>FEVER as claim and evidence pairs, three-way, one JSON object a line, as Schuster et al. prepared it; plain or gzipped.</summary>
/// <remarks>Source: Thorne et al. 2018; Schuster et al. 2019; SRNets, sec. 4.1. Claim first, evidence second. The label stands in gold_label or label. The escapes of
/// brackets and colons that FEVER's Wikipedia dump has (-LRB- and the like) are undone in every set of claims alike; deviates: the authors' code leaves them, and a
/// WordPiece vocabulary cuts each into four or five pieces.</remarks>
public static class Fever
{
    private static readonly (string Escape, string Sign)[] Escapes = [("-LRB-", "("), ("-RRB-", ")"), ("-LSB-", "["), ("-RSB-", "]"), ("-COLON-", ":")];

    /// <summary>How FEVER and the sets after it write a row.</summary>
    internal static readonly RowFormat Format = new("FEVER", LabelSet.FactVerification)
    {
        Label = new("gold_label") { Also = ["label"] },
        First = new("claim") { Also = ["sentence2"] },
        Second = new("evidence") { Also = ["evidence_sentence", "sentence1"] },
        Id = new("id", IsRequired: false),
        Text = Unescape,
    };

    /// <summary>The training set, 242,911 rows.</summary>
    public static PublishedSplit Train { get; } = new("fever", "train", 242_911, Files("train"), Format);

    /// <summary>The dev set, 16,664 rows, all of them SUPPORTS or REFUTES.</summary>
    public static PublishedSplit Dev { get; } = new("fever", "dev", 16_664, Files("dev"), Format);

    /// <summary>The text with -LRB-, -RRB-, -LSB-, -RSB- and -COLON- as the signs they stand for.</summary>
    internal static string Unescape(string text)
    {
        foreach (var (escape, sign) in Escapes)
            text = text.Replace(escape, sign, StringComparison.Ordinal);
        return text;
    }

    private static string[] Files(string split) =>
    [
        $"fever.{split}.jsonl", $"fever/fever.{split}.jsonl", $"nli.{split}.jsonl", $"fever/nli.{split}.jsonl",
        $"FEVER/{split}.jsonl", $"fever/{split}.jsonl", $"fever/nli.{split}_subset.jsonl",
    ];
}
