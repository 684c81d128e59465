using Microsoft.AspNetCore.Mvc;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Examples;

/// <summary>With which other model rows are compared, and which rows are asked for.</summary>
public sealed record ComparedRowsQuery
{
    /// <summary>Id of the other run, or of the same one to compare two of its models.</summary>
    public string? With { get; init; }

    /// <summary>Name or hash of the other run's evaluation; its last unless said.</summary>
    [FromQuery(Name = "with_stage")]
    public string? WithStage { get; init; }

    /// <summary>Which of the two are right: one (exactly one, and the default), first, second (that one alone), both, neither or any.</summary>
    public string? Right { get; init; }

    /// <summary>The other model's answer: a label of the dataset.</summary>
    [FromQuery(Name = "with_predicted")]
    public string? WithPredicted { get; init; }

    /// <summary>What the address of a page says; the other run stands in its path.</summary>
    internal static ComparedRowsQuery Of(IQueryCollection query, string with) =>
        new() { With = with, WithStage = query["with_stage"], Right = query["right"], WithPredicted = query["with_predicted"] };
}

/// <summary>Rows of a set with the answers of two models.</summary>
public sealed record ComparedRowsView
{
    public required ComparedEvaluation First { get; init; }

    public required ComparedEvaluation Second { get; init; }

    public required string Dataset { get; init; }

    public required string Split { get; init; }

    public required string DatasetSha256 { get; init; }

    /// <summary>Rows of the set.</summary>
    public required int N { get; init; }

    /// <summary>Rows that fit, on all pages.</summary>
    public required int Matching { get; init; }

    /// <summary>Why rows have no id, texts and slices; absent when they have.</summary>
    public string? TextsMissing { get; init; }

    public required IReadOnlyList<ComparedRowView> Items { get; init; }

    public string? NextPageToken { get; init; }

    /// <summary>The page that the queries ask for. The other filters and the order are of the first model's answers.</summary>
    internal static ComparedRowsView Of(OpenEvaluation first, OpenEvaluation second, SetTexts texts, ExampleQuery query, ComparedRowsQuery other)
    {
        var set = first.Find(query.Dataset, query.Split);
        var paired = second.Find(set.Dataset, set.Split);
        if (ComparisonView.WhyNot((first.Chosen, set), (second.Chosen, paired)) is { } problem)
            throw problem;
        var (isRight, predicted) = (Right(set, paired, other.Right), ExampleFilter.LabelOf(paired, "with_predicted", other.WithPredicted));
        var rows = ExampleFilter.Rows(set, texts, query).Where(row => isRight(row) && (predicted is null || paired.Predicted(row) == predicted)).ToList();
        var size = PageToken.Size(query.PageSize);
        var print = RowToken.PrintOf([first.Chosen.StageHash, second.Chosen.StageHash, set.Dataset, set.Split, other.Right ?? "", other.WithPredicted ?? "", .. ExampleList.Parts(query)]);
        var start = RowToken.StartOf(query.PageToken, print);
        return new ComparedRowsView
        {
            First = first.Name,
            Second = second.Name,
            Dataset = set.Dataset,
            Split = set.Split,
            DatasetSha256 = set.Sha256,
            N = set.Count,
            Matching = rows.Count,
            TextsMissing = texts.Missing,
            Items = [.. rows.Skip(start).Take(size).Select(row => new ComparedRowView(ExampleList.Describe(set, texts, row), ExampleList.Describe(paired, SetTexts.None, row)))],
            NextPageToken = RowToken.Next(start + size, rows.Count, print),
        };
    }

    private static Func<int, bool> Right(SetPredictions first, SetPredictions second, string? asked) => asked switch
    {
        null or "" or "one" => row => first.IsCorrect(row) != second.IsCorrect(row),
        "first" => row => first.IsCorrect(row) && !second.IsCorrect(row),
        "second" => row => second.IsCorrect(row) && !first.IsCorrect(row),
        "both" => row => first.IsCorrect(row) && second.IsCorrect(row),
        "neither" => row => !first.IsCorrect(row) && !second.IsCorrect(row),
        "any" => _ => true,
        _ => throw ExampleFilter.Refuse("right", $"\"{asked}\" is none of one, first, second, both, neither, any."),
    };
}

/// <summary>One row and what two models made of it.</summary>
/// <param name="First">With the texts, if they are at hand.</param>
/// <param name="Second">Without: they are the same.</param>
public sealed record ComparedRowView(ExampleView First, ExampleView Second);
