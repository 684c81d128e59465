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
    /// <param name="recipe">Of <see cref="Recipe"/>.</param>
    /// <param name="rerun">0 for the run itself, n for its n-th repetition.</param>
    /// <param name="now">When it was asked for.</param>
    internal RunRow Row(RecipeIdentity recipe, int rerun, DateTimeOffset now) => new()
    {
        Id = rerun == 0 ? $"{recipe.Hash}-{Seed}" : $"{recipe.Hash}-{Seed}-r{rerun}",
        RecipeHash = recipe.Hash,
        Seed = Seed,
        Rerun = rerun,
        Recipe = recipe.Json,
        Task = recipe.Summary.Task,
        Model = recipe.Summary.Model,
        Paradigm = recipe.Summary.Paradigm,
        Pruning = recipe.Summary.Pruning,
        FineTuningObjective = recipe.Summary.FineTuningObjective,
        PruningObjective = recipe.Summary.PruningObjective,
        Sparsity = recipe.Summary.Sparsity,
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

/// <summary>The run that answers a request.</summary>
/// <param name="Run">New, or one that was there.</param>
/// <param name="IsNew">Whether it was made for the request.</param>
/// <param name="IsAgain">Whether it had failed or been cancelled and the request queued it again.</param>
public sealed record Launched(RunRow Run, bool IsNew, bool IsAgain = false);

/// <summary>The single door through which runs come into being: pages, REST, sweeps and the quickstart all use it.</summary>
internal sealed class RunLauncher(IDbContextFactory<LabDb> databases, RunQueue queue, TimeProvider time)
{
    /// <summary>
    /// Queues what is new; answers with what is there. A failed or cancelled run is queued again and goes on from its last checkpoint.
    /// Runs, what is enrolled with them and their jobs are one transaction: a death at any moment leaves all of it or nothing.
    /// </summary>
    /// <param name="requests">At least one.</param>
    /// <param name="enroll">Adds further rows in the same transaction, such as a sweep's; null for none.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<Launched>> LaunchAsync(IReadOnlyList<LaunchRequest> requests, Func<LabDb, IReadOnlyList<Launched>, Task>? enroll, CancellationToken cancellation)
    {
        var wanted = Wanted(requests);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await LockCreationAsync(db, cancellation);
        var launched = Answer(wanted, await NewestAsync(db, wanted, cancellation));
        await RequeueAsync(db, [.. launched.Where(each => each.IsAgain).Select(each => each.Run.Id)], cancellation);
        await db.CopyAsync([.. launched.Where(each => each.IsNew).Select(each => each.Run)], cancellation);
        if (enroll is not null)
            await enroll(db, launched);
        await db.Database.ExecuteSqlAsync($"select pg_notify({RunWatchers.Channel}, id) from unnest({launched.Select(each => each.Run.Id).ToArray()}) id", cancellation);
        await queue.CommitAsync(db, transaction, cancellation);
        return launched;
    }

    // Thousands of requests share a few recipes, and identifying one takes longer than inserting its row.
    private static List<WantedRun> Wanted(IReadOnlyList<LaunchRequest> requests)
    {
        var identities = new Dictionary<RunRecipe, RecipeIdentity>(ReferenceEqualityComparer.Instance);
        return [.. requests.Select(request => new WantedRun(request, identities.TryGetValue(request.Recipe, out var known) ? known : identities[request.Recipe] = RecipeIdentity.Of(request.Recipe)))];
    }

    private static async Task<Dictionary<(string, long), RunRow>> NewestAsync(LabDb db, List<WantedRun> wanted, CancellationToken cancellation)
    {
        var hashes = wanted.Select(each => each.Recipe.Hash).Distinct().ToArray();
        var seeds = wanted.Select(each => each.Request.Seed).Distinct().ToArray();
        var there = await db.Runs.AsNoTracking().Where(run => hashes.Contains(run.RecipeHash) && seeds.Contains(run.Seed)).Listed().ToListAsync(cancellation);
        return there.GroupBy(run => (run.RecipeHash, run.Seed)).ToDictionary(same => same.Key, same => same.MaxBy(run => run.Rerun)!);
    }

    private List<Launched> Answer(List<WantedRun> wanted, Dictionary<(string, long), RunRow> newest)
    {
        var now = time.GetUtcNow();
        var launched = new List<Launched>(wanted.Count);
        foreach (var (ordinal, each) in wanted.Index())
        {
            var same = newest.GetValueOrDefault(each.Key);
            if (same is not null && !(each.Request.Rerun && same.State.IsEnded()))
            {
                launched.Add(new Launched(same, false, same.State is RunState.Failed or RunState.Cancelled));
                if (launched[^1].IsAgain)
                    Requeue(same);
                continue;
            }
            // A microsecond apart, the least that the database tells apart: the order asked for is the order of work.
            newest[each.Key] = each.Request.Row(each.Recipe, same is null ? 0 : same.Rerun + 1, now.AddMicroseconds(ordinal));
            launched.Add(new Launched(newest[each.Key], true));
        }
        return launched;
    }

    /// <summary>Until the transaction ends nobody else makes a run: two requests for the same science at the same moment must find one another.</summary>
    internal static Task LockCreationAsync(LabDb db, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(7261736501)", cancellation);

    // One that somebody has resumed meanwhile is let be.
    private static Task RequeueAsync(LabDb db, string[] ids, CancellationToken cancellation) => ids.Length == 0 ? Task.CompletedTask
        : db.Runs.Where(run => ids.Contains(run.Id) && (run.State == RunState.Failed || run.State == RunState.Cancelled)).ExecuteUpdateAsync(
            set => set.SetProperty(run => run.State, RunState.Queued).SetProperty(run => run.FinishedAt, (DateTimeOffset?)null).SetProperty(run => run.ProblemCode, (string?)null).SetProperty(run => run.ProblemMessage, (string?)null),
            cancellation);

    private static void Requeue(RunRow run)
    {
        run.State = RunState.Queued;
        (run.ProblemCode, run.ProblemMessage, run.FinishedAt) = (null, null, null);
    }

    private sealed record WantedRun(LaunchRequest Request, RecipeIdentity Recipe)
    {
        public (string, long) Key => (Recipe.Hash, Request.Seed);
    }
}
