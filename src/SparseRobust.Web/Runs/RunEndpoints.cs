using Microsoft.AspNetCore.Http.HttpResults;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>/api/v1/runs: create, list, look at, change, cancel, resume, clone, delete.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/v1/runs").WithTags("runs");
        runs.MapPost("/", CreateAsync).WithIdempotency().WithSummary("Queue runs of a recipe or a preset; equal runs that are there answer themselves (200).");
        runs.MapGet("/", ListAsync).WithSummary("List runs, newest first.");
        runs.MapGet("/{id}", GetAsync).WithSummary("A run with its recipe and result.");
        runs.MapPatch("/{id}", ChangeAsync).WithSummary("Change name, tags or notes.");
        runs.MapDelete("/{id}", DeleteAsync).WithSummary("Forget a run that is not being worked on.");
        runs.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel; a running one writes a checkpoint first.");
        runs.MapPost("/{id}/resume", ResumeAsync).WithSummary("Go on with a failed or cancelled run from its last checkpoint.");
        runs.MapPost("/{id}/clone", CloneAsync).WithIdempotency().WithSummary("Queue the same recipe with other seeds, or again from scratch.");
    }

    private static async Task<Results<Created<Page<CreatedRun>>, Ok<Page<CreatedRun>>>> CreateAsync(CreateRuns request, RunLauncher launcher, CancellationToken cancellation) =>
        AnswerOf(await launcher.LaunchAsync(LaunchReader.Read(request), null, cancellation));

    private static async Task<Ok<Page<RunView>>> ListAsync([AsParameters] RunListQuery query, RunList list, CancellationToken cancellation)
    {
        var (items, next) = await list.ReadAsync(query, cancellation);
        return TypedResults.Ok(new Page<RunView>([.. items.Select(run => RunView.Of(run))], next));
    }

    private static async Task<Ok<RunView>> GetAsync(string id, LabDb db, CancellationToken cancellation) =>
        TypedResults.Ok(RunView.Of(await RunActions.FindAsync(db, id, cancellation), whole: true));

    private static async Task<Ok<RunView>> ChangeAsync(string id, ChangeRun change, RunActions actions, CancellationToken cancellation) =>
        TypedResults.Ok(RunView.Of(await actions.LabelAsync(id, change, cancellation), whole: true));

    private static async Task<NoContent> DeleteAsync(string id, RunActions actions, CancellationToken cancellation)
    {
        await actions.DeleteAsync(id, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Accepted<RunView>> CancelAsync(string id, RunActions actions, CancellationToken cancellation) =>
        TypedResults.Accepted($"/api/v1/runs/{id}", RunView.Of(await actions.CancelAsync(id, cancellation)));

    private static async Task<Accepted<RunView>> ResumeAsync(string id, RunActions actions, CancellationToken cancellation) =>
        TypedResults.Accepted($"/api/v1/runs/{id}", RunView.Of(await actions.ResumeAsync(id, cancellation)));

    private static async Task<Results<Created<Page<CreatedRun>>, Ok<Page<CreatedRun>>>> CloneAsync(string id, CloneRun request, LabDb db, RunLauncher launcher, CancellationToken cancellation)
    {
        var run = await RunActions.FindAsync(db, id, cancellation);
        var recipe = RecipeReader.Read(run.Recipe);
        LaunchReader.RequireLabels(request.Name, request.Tags, null);
        var requests = LaunchReader.Seeds(request.Seeds ?? [run.Seed]).Select(seed => new LaunchRequest(recipe, seed)
        {
            Name = request.Name ?? run.Name,
            Tags = request.Tags ?? run.Tags,
            Preset = run.Preset,
            Cell = run.Cell,
            Rerun = request.Rerun,
        });
        return AnswerOf(await launcher.LaunchAsync([.. requests], null, cancellation));
    }

    private static Results<Created<Page<CreatedRun>>, Ok<Page<CreatedRun>>> AnswerOf(IReadOnlyList<Launched> launched)
    {
        var page = new Page<CreatedRun>([.. launched.Select(CreatedRun.Of)]);
        return launched.Any(each => each.IsNew) ? TypedResults.Created(launched.Count == 1 ? $"/api/v1/runs/{launched[0].Run.Id}" : "/api/v1/runs", page) : TypedResults.Ok(page);
    }
}

/// <summary>POST /api/v1/runs/{id}/clone.</summary>
public sealed record CloneRun
{
    /// <summary>Default: the run's own, which answers with the run itself unless rerun is true.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Do everything again, reusing no stage.</summary>
    public bool Rerun { get; init; }
}
