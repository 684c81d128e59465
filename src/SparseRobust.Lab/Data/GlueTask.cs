using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Data;

/// <summary>The nine tasks of GLUE.</summary>
public enum GlueName
{
    /// <summary>Grammatical or not; chosen by Matthews' correlation.</summary>
    Cola,

    /// <summary>Sentiment of sentences; chosen by accuracy, as all that follow unless they say otherwise.</summary>
    Sst2,

    /// <summary>Paraphrases in news.</summary>
    Mrpc,

    /// <summary>Graded similarity, a regression; chosen by the mean of Pearson's and Spearman's correlation.</summary>
    Stsb,

    /// <summary>Quora question pairs.</summary>
    Qqp,

    /// <summary>Natural language inference, judged on the matched dev set.</summary>
    Mnli,

    /// <summary>Does the sentence answer the question?</summary>
    Qnli,

    /// <summary>Textual entailment.</summary>
    Rte,

    /// <summary>Is the pronoun resolved rightly?</summary>
    Wnli,
}

/// <summary>One of GLUE's tasks: its training set and its dev set. MNLI is judged on the mismatched dev set and the diagnostic set, too, where they are in a data folder.</summary>
/// <remarks>Source: Wang et al. 2019; "When BERT Plays the Lottery", sec. 3 (metrics: the authors' code).</remarks>
public sealed record GlueTask : LabelledTask
{
    /// <summary>Which task.</summary>
    [Suggested(GlueName.Sst2)]
    public required GlueName Name { get; init; }

    /// <summary>Train on this many rows of the training set, a fixed part with the same label shares (<see cref="StratifiedSample"/>); null, the default, means all.</summary>
    [Range(1, int.MaxValue)]
    public int? TrainRows { get; init; }

    /// <inheritdoc/>
    public override LabelSet Labels => Entry.Labels;

    /// <inheritdoc/>
    public override string SelectionMetric => Entry.Metric;

    /// <inheritdoc/>
    /// <remarks>Pearson's correlation alone for STS-B: the lottery paper, Table 1.</remarks>
    public override string ReportedMetric => Name == GlueName.Stsb ? "pearson" : Entry.Metric;

    /// <inheritdoc/>
    public override string Member => Dev.Name;

    /// <summary>As papers write it: STS-B.</summary>
    internal string Title => Entry.Title;

    internal PublishedSplit Dev => Entry.Dev;

    private (string Title, LabelSet Labels, string Metric, PublishedSplit Train, PublishedSplit Dev) Entry => Name switch
    {
        GlueName.Cola => Of(Glue.Cola, "matthews"),
        GlueName.Sst2 => Of(Glue.Sst2),
        GlueName.Mrpc => Of(Glue.Mrpc),
        GlueName.Stsb => Of(Glue.Stsb, "pearson_spearman_mean"),
        GlueName.Qqp => ("QQP", LabelSet.Paraphrase, Accuracy, Qqp.Train, Qqp.Dev),
        GlueName.Mnli => ("MNLI", LabelSet.ThreeWayNli, Accuracy, Mnli.Train, Mnli.DevMatched),
        GlueName.Qnli => Of(Glue.Qnli),
        GlueName.Rte => Of(Glue.Rte),
        GlueName.Wnli => Of(Glue.Wnli),
        _ => throw new InvalidOperationException($"{Name} is no task of GLUE."),
    };

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation)
    {
        PublishedSplit[] further = Name == GlueName.Mnli ? [Mnli.DevMismatched, Glue.Diagnostics] : [];
        return new TaskData(
            StratifiedSample.TakeOrWhole(Entry.Train.Load(folders, cancellation), TrainRows),
            Entry.Dev.Load(folders, cancellation),
            [.. further.Select(split => split.LoadIfThere(folders, cancellation)).OfType<Dataset>().Select(EvaluationSet.SameLabels)]);
    }

    private static (string Title, LabelSet Labels, string Metric, PublishedSplit Train, PublishedSplit Dev) Of(GlueSplits splits, string metric = Accuracy) =>
        (splits.Title, splits.Labels, metric, splits.Train, splits.Dev);
}
