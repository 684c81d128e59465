using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>A run asked for.</summary>
/// <param name="Recipe">Valid (RecipeReader, RecipeRules).</param>
/// <param name="Seed">Seed.</param>
public sealed record LaunchRequest(RunRecipe Recipe, long Seed)
{
    public string? Name { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Notes { get; init; }

    public int Priority { get; init; }

    public string? Preset { get; init; }

    public string? Cell { get; init; }

    /// <summary>Make a new run that reuses nothing, even if an identical one is finished.</summary>
    public bool Rerun { get; init; }

    /// <summary>The row of a new run, queued.</summary>
    /// <param name="rerun">0 for the run itself, n for its n-th repetition.</param>
    /// <param name="now">When it was asked for.</param>
    internal RunRow Row(int rerun, DateTimeOffset now)
    {
        var summary = RecipeSummary.Of(Recipe);
        var hash = RecipeHash.Of(Recipe);
        return new RunRow
        {
            Id = rerun == 0 ? $"{hash}-{Seed}" : $"{hash}-{Seed}-r{rerun}",
            RecipeHash = hash,
            Seed = Seed,
            Rerun = rerun,
            Recipe = RecipeHash.CanonicalJson(Recipe),
            Task = summary.Task,
            Model = summary.Model,
            Paradigm = summary.Paradigm,
            Pruning = summary.Pruning,
            FineTuningObjective = summary.FineTuningObjective,
            PruningObjective = summary.PruningObjective,
            Sparsity = summary.Sparsity,
            Name = Name,
            Tags = [.. Tags],
            Notes = Notes,
            Priority = Priority,
            Preset = Preset,
            Cell = Cell,
            State = RunState.Queued,
            CreatedAt = now,
        };
    }
}

/// <summary>The run that answers a request, and whether it was made for it.</summary>
public sealed record Launched(RunRow Run, bool IsNew);

/// <summary>The single door through which runs come into being: pages, REST, sweeps and the quickstart all use it.</summary>
internal sealed class RunLauncher(IDbContextFactory<LabDb> databases, RunQueue queue, TimeProvider time)
{
    /// <summary>Queues what is new; answers with what is there. A failed or cancelled run is queued again and goes on from its last checkpoint.</summary>
    /// <param name="requests">At least one.</param>
    /// <param name="enroll">Further rows for the same transaction, such as a sweep's; null for none.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<Launched>> LaunchAsync(IReadOnlyList<LaunchRequest> requests, Action<LabDb, IReadOnlyList<Launched>>? enroll, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var launched = await InsertAsync(db, requests, enroll, cancellation);
        // Rows first: a run that the job engine does not know yet is found by the reconciliation, an engine's job without a row would be lost.
        // Whoever asked and has gone meanwhile has launched all the same: his Idempotency-Key must find this answer, not make a second sweep.
        foreach (var run in launched.Select(each => each.Run).Where(run => run.State == RunState.Queued).DistinctBy(run => run.Id))
            await queue.EnqueueAsync(run, CancellationToken.None);
        return launched;
    }

    private async Task<IReadOnlyList<Launched>> InsertAsync(LabDb db, IReadOnlyList<LaunchRequest> requests, Action<LabDb, IReadOnlyList<Launched>>? enroll, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await LockCreationAsync(db, cancellation);
        var launched = new List<Launched>();
        foreach (var request in requests)
            launched.Add(await FindOrAddAsync(db, request, cancellation));
        enroll?.Invoke(db, launched);
        await db.SaveChangesAsync(cancellation);
        await db.Database.ExecuteSqlAsync($"select pg_notify({RunWatchers.Channel}, id) from unnest({launched.Select(each => each.Run.Id).ToArray()}) id", cancellation);
        await transaction.CommitAsync(cancellation);
        return launched;
    }

    private async Task<Launched> FindOrAddAsync(LabDb db, LaunchRequest request, CancellationToken cancellation)
    {
        var hash = RecipeHash.Of(request.Recipe);
        var same = await db.Runs.Where(run => run.RecipeHash == hash && run.Seed == request.Seed).OrderByDescending(run => run.Rerun).FirstOrDefaultAsync(cancellation)
            ?? db.Runs.Local.FirstOrDefault(run => run.RecipeHash == hash && run.Seed == request.Seed);
        if (same is not null && !(request.Rerun && same.State.IsEnded()))
        {
            if (same.State is RunState.Failed or RunState.Cancelled)
                Requeue(same);
            return new Launched(same, false);
        }
        var row = request.Row(same is null ? 0 : same.Rerun + 1, time.GetUtcNow());
        db.Runs.Add(row);
        return new Launched(row, true);
    }

    /// <summary>Until the transaction ends nobody else makes a run: two requests for the same science at the same moment must find one another.</summary>
    internal static Task LockCreationAsync(LabDb db, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(7261736501)", cancellation);

    internal static void Requeue(RunRow run)
    {
        run.State = RunState.Queued;
        (run.ProblemCode, run.ProblemMessage, run.FinishedAt) = (null, null, null);
    }
}
