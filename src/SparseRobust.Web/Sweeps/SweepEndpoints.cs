using Microsoft.AspNetCore.Http.HttpResults;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>/api/v1/sweeps: launch, list, look at, pause, resume, cancel.</summary>
internal static class SweepEndpoints
{
    public static void AddSweeps(this IServiceCollection services) => services.AddSingleton<SweepLauncher>().AddSingleton<SweepActions>().AddSingleton<SweepList>();

    public static void MapSweeps(this IEndpointRouteBuilder routes)
    {
        var sweeps = routes.MapGroup("/api/v1/sweeps").WithTags("sweeps");
        sweeps.MapPost("/", CreateAsync).WithIdempotency().WithSummary("Launch a preset, or a recipe over a grid, with seeds; runs that are there already become part of it.");
        sweeps.MapGet("/", ListAsync).WithSummary("List sweeps, newest first, with how many of their runs are in each state.");
        sweeps.MapGet("/{id}", GetAsync).WithSummary("A sweep with its recipe, grid and runs.");
        sweeps.MapPost("/{id}/pause", PauseAsync).WithSummary("Let no more of its runs begin, but for those that another active sweep wants or that were launched alone; running ones finish.");
        sweeps.MapPost("/{id}/resume", ResumeAsync).WithSummary("Let its queued runs begin again.");
        sweeps.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel its runs, but for those of another sweep that is not cancelled; running ones write a checkpoint first.");
    }

    private static async Task<Created<CreatedSweep>> CreateAsync(CreateSweep request, SweepLauncher launcher, CancellationToken cancellation)
    {
        var created = await launcher.LaunchAsync(request, cancellation);
        return TypedResults.Created($"/api/v1/sweeps/{created.Id}", created);
    }

    private static async Task<Ok<Page<SweepView>>> ListAsync([AsParameters] SweepListQuery query, SweepList list, CancellationToken cancellation)
    {
        var (items, next) = await list.ReadAsync(query, cancellation);
        return TypedResults.Ok(new Page<SweepView>([.. items.Select(SweepView.Of)], next));
    }

    private static async Task<Ok<SweepView>> GetAsync(string id, SweepList list, CancellationToken cancellation) =>
        TypedResults.Ok(await ViewAsync(id, list, cancellation));

    private static async Task<Accepted<SweepView>> PauseAsync(string id, SweepActions actions, SweepList list, CancellationToken cancellation)
    {
        await actions.PauseAsync(id, cancellation);
        return await AcceptedAsync(id, list, cancellation);
    }

    private static async Task<Accepted<SweepView>> ResumeAsync(string id, SweepActions actions, SweepList list, CancellationToken cancellation)
    {
        await actions.ResumeAsync(id, cancellation);
        return await AcceptedAsync(id, list, cancellation);
    }

    private static async Task<Accepted<SweepView>> CancelAsync(string id, SweepActions actions, SweepList list, CancellationToken cancellation)
    {
        await actions.CancelAsync(id, cancellation);
        return await AcceptedAsync(id, list, cancellation);
    }

    private static async Task<Accepted<SweepView>> AcceptedAsync(string id, SweepList list, CancellationToken cancellation) =>
        TypedResults.Accepted($"/api/v1/sweeps/{id}", await ViewAsync(id, list, cancellation));

    private static async Task<SweepView> ViewAsync(string id, SweepList list, CancellationToken cancellation) =>
        SweepView.Of(await list.FindAsync(id, cancellation) ?? throw Problem.NotFound("sweep", id));
}
