using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Data;

/// <summary>BERT's two pre-training tasks on a text: masked tokens and next sentences. Nothing of it is labelled by people.</summary>
/// <remarks>Source: Devlin et al. (2019), sec. 3.1.</remarks>
public sealed record PretrainingTask : TaskSpec
{
    /// <summary>Where the presets look for the English Wikipedia.</summary>
    public const string EnglishWikipedia = "text_corpus/enwiki2015_subset.txt.gz";

    /// <summary>The text: UTF-8, plain or gzipped, one paragraph a line, an empty line between documents. Path relative to one of the data folders, or absolute.</summary>
    [Suggested(EnglishWikipedia)]
    public required string Corpus { get; init; }

    /// <summary>Every so many-th document is kept for evaluation and never trained on.</summary>
    [Range(2, 1_000_000)]
    public int DevEvery { get; init; } = 100;

    /// <inheritdoc/>
    public override string ReportedMetric => "mlm_accuracy";
}
