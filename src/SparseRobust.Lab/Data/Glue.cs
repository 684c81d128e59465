namespace SparseRobust.Lab.Data;

/// <summary>GLUE's smaller tasks and its diagnostic set, as GLUE's tables; plain or gzipped. MNLI and QQP have readers of their own.</summary>
/// <remarks>Source: Wang et al. 2019. Sizes are those of GLUE's files, QNLI in its second version. Classes are named, whatever sign the file has for them: 0 and 1 mean
/// unacceptable and acceptable (CoLA), negative and positive (SST-2), not_equivalent and equivalent (MRPC), not_entailment and entailment (WNLI).
/// The tables of the test sets have no labels and are refused.</remarks>
public static class Glue
{
    private static readonly string[] Digits = ["0", "1"];

    private static readonly LabelSet Acceptability = new(["unacceptable", "acceptable"]) { PositiveClass = 1 };

    private static readonly LabelSet Sentiment = new(["negative", "positive"]) { PositiveClass = 1 };

    private static readonly LabelSet Equivalence = new(["not_equivalent", "equivalent"]) { PositiveClass = 1 };

    private static readonly LabelSet Entailment = new(["not_entailment", "entailment"]) { PositiveClass = 1 };

    /// <summary>CoLA, grammatical or not: 8,551 and 1,043 sentences. Its tables have no header.</summary>
    internal static readonly GlueSplits Cola = new("cola", "CoLA", 8_551, 1_043, new("CoLA", Acceptability)
    {
        Label = new("label") { Column = 1 }, First = new("sentence") { Column = 3 }, LabelWords = Digits,
    });

    /// <summary>SST-2, sentiment of phrases: 67,349 and 872.</summary>
    internal static readonly GlueSplits Sst2 = new("sst2", "SST-2", 67_349, 872, new("SST-2", Sentiment)
    {
        Label = new("label"), First = new("sentence"), LabelWords = Digits,
    });

    /// <summary>MRPC, paraphrases in news: 3,668 and 408 pairs.</summary>
    internal static readonly GlueSplits Mrpc = new("mrpc", "MRPC", 3_668, 408, new("MRPC", Equivalence)
    {
        Label = new("Quality"), First = new("#1 String"), Second = new("#2 String"), LabelWords = Digits,
    });

    /// <summary>STS-B, similarity from 0 to 5: 5,749 and 1,500 pairs. Slice: genre.</summary>
    internal static readonly GlueSplits Stsb = new("stsb", "STS-B", 5_749, 1_500, new("STS-B", LabelSet.Regression)
    {
        Label = new("score"), First = new("sentence1"), Second = new("sentence2"), Id = new("index"), Slices = [("genre", new("genre", IsRequired: false))],
    });

    /// <summary>QNLI, does the sentence answer the question: 104,743 and 5,463 pairs.</summary>
    internal static readonly GlueSplits Qnli = new("qnli", "QNLI", 104_743, 5_463, new("QNLI", Entailment)
    {
        Label = new("label"), First = new("question"), Second = new("sentence"), Id = new("index"),
    });

    /// <summary>RTE, does the first text entail the second: 2,490 and 277 pairs.</summary>
    internal static readonly GlueSplits Rte = new("rte", "RTE", 2_490, 277, new("RTE", Entailment)
    {
        Label = new("label"), First = new("sentence1"), Second = new("sentence2"), Id = new("index"),
    });

    /// <summary>WNLI, is the pronoun resolved rightly: 635 and 71 pairs.</summary>
    internal static readonly GlueSplits Wnli = new("wnli", "WNLI", 635, 71, new("WNLI", Entailment)
    {
        Label = new("label"), First = new("sentence1"), Second = new("sentence2"), Id = new("index"), LabelWords = Digits,
    });

    /// <summary>The diagnostic set, three-way NLI, 1,104 rows. Slices: its four kinds of phenomenon, as written (several are joined by ";"), and the domain.</summary>
    public static PublishedSplit Diagnostics { get; } = new(
        "glue-diagnostics", "full", 1_104, "GLUE diagnostics",
        ["diagnostic-full.tsv", .. Files("AX", "diagnostic-full"), .. Files("diagnostic", "diagnostic-full"), .. Files("MNLI", "diagnostic-full")],
        (path, cancellation) => DiagnosticsFormat.Read(path, "glue-diagnostics", "full", cancellation));

    /// <summary>All splits that this class reads.</summary>
    public static IReadOnlyList<PublishedSplit> Splits { get; } =
        [.. new[] { Cola, Sst2, Mrpc, Stsb, Qnli, Rte, Wnli }.SelectMany(set => new[] { set.Train, set.Dev }), Diagnostics];

    private static RowFormat DiagnosticsFormat => new("GLUE diagnostics", LabelSet.ThreeWayNli)
    {
        Label = new("Label"),
        First = new("Premise"),
        Second = new("Hypothesis"),
        Slices =
        [
            ("lexical-semantics", new("Lexical Semantics")), ("predicate-argument-structure", new("Predicate-Argument Structure")),
            ("logic", new("Logic")), ("knowledge", new("Knowledge")), ("domain", new("Domain")),
        ],
    };

    /// <summary>Where a table of GLUE's may lie below a data folder.</summary>
    internal static string[] Files(string folder, string split) => [$"{folder}/{split}.tsv", $"glue/{folder}/{split}.tsv", $"glue_data/{folder}/{split}.tsv"];
}

/// <summary>The labelled splits of a GLUE task.</summary>
internal sealed class GlueSplits(string name, string folder, int trainRows, int devRows, RowFormat format)
{
    public string Title { get; } = format.Title;

    public LabelSet Labels { get; } = format.Labels;

    public PublishedSplit Train { get; } = new(name, "train", trainRows, Glue.Files(folder, "train"), format);

    public PublishedSplit Dev { get; } = new(name, "dev", devRows, Glue.Files(folder, "dev"), format);
}
