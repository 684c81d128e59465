using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Examples;

/// <summary>/api/v1/runs/{id}/predictions: what a model answered row by row, and two models on the same rows.</summary>
internal static class ExampleEndpoints
{
    public static void AddExamples(this IServiceCollection services, ServerOptions options) =>
        services.AddSingleton<Evaluations>().AddSingleton<ComparableRuns>().AddSingleton<ExampleList>().AddSingleton(provider => new EvaluatedTexts(options.Folders, provider.GetRequiredService<TimeProvider>()));

    public static void MapExamples(this IEndpointRouteBuilder routes)
    {
        var predictions = routes.MapGroup("/api/v1/runs/{id}/predictions").WithTags("predictions");
        predictions.MapGet("/", ListAsync).WithProblems("NotFound", "ArtifactMissing", "ArtifactCorrupt", "FilterInvalid", "DatasetMissing")
            .WithSummary("What the run's model answered, row by row, with the texts if the dataset is here; filtered and sorted. Without dataset: the sets it was evaluated on.");
        predictions.MapGet("/compare", CompareAsync).WithProblems("NotFound", "ArtifactMissing", "ArtifactCorrupt", "FilterInvalid", "StateConflict")
            .WithSummary("Two models on the same rows of a set: how many each gets right alone, McNemar's test and a paired bootstrap of the difference.");
        predictions.MapGet("/compare/sets", CompareSetsAsync).WithProblems("NotFound", "ArtifactMissing", "ArtifactCorrupt", "FilterInvalid")
            .WithSummary("Two models on all sets that both were evaluated on, each set compared as above, with McNemar's p-values adjusted by Holm over these sets.");
        predictions.MapGet("/compare/rows", CompareRowsAsync).WithProblems("NotFound", "ArtifactMissing", "ArtifactCorrupt", "FilterInvalid", "StateConflict", "DatasetMissing")
            .WithSummary("The rows of a set on which two models differ, with the answers of both; filtered and sorted as one model's are.");
    }

    private static async Task<Ok<PredictionsView>> ListAsync(string id, [AsParameters] ExampleQuery query, ExampleList list, CancellationToken cancellation) =>
        TypedResults.Ok(await list.ReadAsync(id, query, cancellation));

    private static async Task<Ok<ComparisonView>> CompareAsync(string id, [AsParameters] ComparisonQuery query, Evaluations evaluations, CancellationToken cancellation)
    {
        var (first, second) = await OpenAsync(evaluations, id, query.Stage, query.With, query.WithStage, cancellation);
        var set = first.Find(query.Dataset, query.Split);
        return TypedResults.Ok(ComparisonView.Of((first.Chosen, set), (second.Chosen, second.Find(set.Dataset, set.Split))));
    }

    private static async Task<Ok<ComparedSetsView>> CompareSetsAsync(
        string id, string? with, string? stage, [FromQuery(Name = "with_stage")] string? withStage, Evaluations evaluations, CancellationToken cancellation)
    {
        var (first, second) = await OpenAsync(evaluations, id, stage, with, withStage, cancellation);
        return TypedResults.Ok(ComparedSetsView.Of(first, second));
    }

    private static async Task<Ok<ComparedRowsView>> CompareRowsAsync(
        string id, [AsParameters] ComparedRowsQuery other, [AsParameters] ExampleQuery query, Evaluations evaluations, EvaluatedTexts texts, CancellationToken cancellation)
    {
        var (first, second) = await OpenAsync(evaluations, id, query.Stage, other.With, other.WithStage, cancellation);
        return TypedResults.Ok(ComparedRowsView.Of(first, second, await texts.FindAsync(first.Chosen.Run, first.Find(query.Dataset, query.Split), cancellation), query, other));
    }

    private static async Task<(OpenEvaluation First, OpenEvaluation Second)> OpenAsync(
        Evaluations evaluations, string id, string? stage, string? with, string? withStage, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(with))
            throw ExampleFilter.Refuse("with", "say which other run to compare with.");
        return (await evaluations.OpenAsync(id, stage, cancellation), await evaluations.OpenAsync(with, withStage, cancellation));
    }
}

/// <summary>Which two models, on which set.</summary>
public sealed record ComparisonQuery
{
    /// <summary>Id of the other run, or of the same one to compare two of its models.</summary>
    public string? With { get; init; }

    public string? Dataset { get; init; }

    /// <summary>Needed where several splits of the dataset were evaluated.</summary>
    public string? Split { get; init; }

    /// <summary>Name or hash of the evaluation; the run's last unless said.</summary>
    public string? Stage { get; init; }

    /// <summary>The same of the other run.</summary>
    [FromQuery(Name = "with_stage")]
    public string? WithStage { get; init; }
}
