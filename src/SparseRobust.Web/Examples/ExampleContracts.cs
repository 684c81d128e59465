using Microsoft.AspNetCore.Mvc;

namespace SparseRobust.Web.Examples;

/// <summary>Which rows of an evaluated set, in which order. What is empty asks for nothing.</summary>
public sealed record ExampleQuery
{
    /// <summary>Name or hash of the evaluation; the run's last unless said.</summary>
    public string? Stage { get; init; }

    /// <summary>Without it only the sets are listed.</summary>
    public string? Dataset { get; init; }

    /// <summary>Needed where several splits of the dataset were evaluated.</summary>
    public string? Split { get; init; }

    /// <summary>true or false: whether the predicted class is the label.</summary>
    public string? Correct { get; init; }

    /// <summary>A label of the dataset.</summary>
    public string? Gold { get; init; }

    /// <summary>A label of the dataset.</summary>
    public string? Predicted { get; init; }

    /// <summary>NAME:VALUE as the dataset names its slices, such as heuristic:subsequence; repeated, all must hold.</summary>
    public string[]? Slice { get; init; }

    /// <summary>row (the dataset's order, and the default), confidence (the largest probability) or loss. Equals stay in the dataset's order.</summary>
    public string? Sort { get; init; }

    /// <summary>asc or desc; asc unless said for row, desc for the others.</summary>
    public string? Order { get; init; }

    /// <summary>From 1 to 1,000; 50 unless said.</summary>
    [FromQuery(Name = "page_size")]
    public int? PageSize { get; init; }

    /// <summary>next_page_token of the page before, with everything else the same.</summary>
    [FromQuery(Name = "page_token")]
    public string? PageToken { get; init; }

    /// <summary>What the address of a page says.</summary>
    internal static ExampleQuery Of(IQueryCollection query) => new()
    {
        Stage = query["stage"],
        Dataset = query["dataset"],
        Split = query["split"],
        Correct = query["correct"],
        Gold = query["gold"],
        Predicted = query["predicted"],
        Slice = [.. query["slice"].OfType<string>()],
        Sort = query["sort"],
        Order = query["order"],
        PageToken = query["page_token"],
    };
}

/// <summary>What a model answered, row by row; without a dataset in the request only what there is to ask for.</summary>
public sealed record PredictionsView
{
    public required string RunId { get; init; }

    /// <summary>The evaluation that is shown.</summary>
    public required string Stage { get; init; }

    public required string StageHash { get; init; }

    /// <summary>All evaluations of the run, in the order of its stages.</summary>
    public required IReadOnlyList<EvaluationView> Evaluations { get; init; }

    /// <summary>What this evaluation was on.</summary>
    public required IReadOnlyList<PredictedSet> Sets { get; init; }

    /// <summary>What was asked for; absent without a dataset.</summary>
    public SelectionView? Selection { get; init; }

    public required IReadOnlyList<ExampleView> Items { get; init; }

    public string? NextPageToken { get; init; }
}

/// <summary>An evaluation of a run, and whether its rows were kept: those made before rows were kept have only scores.</summary>
public sealed record EvaluationView(string Stage, string StageHash, bool HasPredictions);

/// <summary>A set that a model was evaluated on.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Split">Its split.</param>
/// <param name="DatasetSha256">Its identity.</param>
/// <param name="N">Rows.</param>
/// <param name="Accuracy">Over all of them; absent for grades.</param>
/// <param name="Labels">The dataset's classes.</param>
/// <param name="ModelLabels">The model's classes.</param>
/// <param name="LabelOfModelLabel">For each class of the model the label it counts as; null where it is none of them.</param>
public sealed record PredictedSet(
    string Dataset, string Split, string DatasetSha256, int N, double? Accuracy, IReadOnlyList<string> Labels, IReadOnlyList<string> ModelLabels, IReadOnlyList<string?> LabelOfModelLabel);

/// <summary>The rows that a request leaves of a set.</summary>
public sealed record SelectionView
{
    public required string Dataset { get; init; }

    public required string Split { get; init; }

    public required string DatasetSha256 { get; init; }

    /// <summary>Rows of the set.</summary>
    public required int N { get; init; }

    /// <summary>Rows that fit, on all pages.</summary>
    public required int Matching { get; init; }

    /// <summary>Over those; absent when there are none, and for grades.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Why rows have no id, texts and slices; absent when they have.</summary>
    public string? TextsMissing { get; init; }
}

/// <summary>One row: what was asked, what is right, what the model answered.</summary>
public sealed record ExampleView
{
    /// <summary>Place in the dataset, from 0.</summary>
    public required int Row { get; init; }

    /// <summary>The dataset's own id of the row.</summary>
    public string? Id { get; init; }

    public string? FirstText { get; init; }

    public string? SecondText { get; init; }

    public IReadOnlyDictionary<string, string>? Slices { get; init; }

    /// <summary>The label; absent for a grade.</summary>
    public string? Gold { get; init; }

    /// <summary>What the model's likeliest class counts as; absent for a grade, and where it is none of the labels.</summary>
    public string? Predicted { get; init; }

    public bool? Correct { get; init; }

    /// <summary>The grade; absent for a class.</summary>
    public double? GoldValue { get; init; }

    /// <summary>The model's grade; absent for a class.</summary>
    public double? PredictedValue { get; init; }

    /// <summary>By the model's classes; they add up to 1. Absent for a grade.</summary>
    public IReadOnlyDictionary<string, double>? Probabilities { get; init; }

    /// <summary>The largest of the probabilities.</summary>
    public double? Confidence { get; init; }

    /// <summary>-log of the probability of all classes that count as the label, in nats; of a grade the squared error.</summary>
    public required double Loss { get; init; }
}
