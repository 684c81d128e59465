using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>Launches all runs of a sweep and enters the sweep in the same transaction.</summary>
internal sealed class SweepLauncher(RunLauncher launcher, TimeProvider time)
{
    /// <exception cref="Problem">RequestInvalid.</exception>
    /// <exception cref="SparseRobust.Lab.Errors.RecipeInvalidException">With every fault of every cell; nothing was launched.</exception>
    public async Task<CreatedSweep> LaunchAsync(CreateSweep asked, CancellationToken cancellation)
    {
        LaunchReader.RequireLabels(asked.Name, asked.Tags, null);
        LaunchReader.RequirePriority(asked.Priority);
        var experiment = Experiment.Read(new AskedExperiment(asked.Recipe, asked.Preset, asked.Grid, asked.Seeds));
        // Dated before its runs: SweepHold tells by this which runs were made for it.
        var sweep = RowOf(asked, experiment);
        var launched = await launcher.LaunchAsync(InTurns(Requests(asked, experiment)), (db, runs) => Enroll(db, sweep, runs), cancellation);
        return new CreatedSweep(sweep.Id, [.. launched.Select(CreatedRun.Of)]);
    }

    private static IEnumerable<LaunchRequest> Requests(CreateSweep asked, Experiment experiment) =>
        from seed in experiment.Seeds
        from cell in experiment.Cells
        select new LaunchRequest(cell.Recipe, seed)
        {
            Tags = asked.Tags,
            Priority = asked.Priority,
            Preset = experiment.Preset?.Name,
            Cell = cell.Name.Length > 0 ? cell.Name : null,
        };

    /// <summary>First one run of each shared training, then the next of each: two workers that both wanted the same training would wait for one another.</summary>
    private static IReadOnlyList<LaunchRequest> InTurns(IEnumerable<LaunchRequest> requests) =>
        [.. requests.GroupBy(request => (RecipeSummary.Of(request.Recipe).FirstTraining, request.Seed)).SelectMany(sharing => sharing.Index()).OrderBy(each => each.Index).Select(each => each.Item)];

    private static void Enroll(LabDb db, SweepRow sweep, IReadOnlyList<Launched> launched)
    {
        db.Sweeps.Add(sweep);
        db.SweepRuns.AddRange(launched.Select(each => each.Run.Id).Distinct().Select((run, ordinal) => new SweepRunRow { SweepId = sweep.Id, Ordinal = ordinal, RunId = run }));
    }

    private SweepRow RowOf(CreateSweep asked, Experiment experiment)
    {
        var now = time.GetUtcNow();
        return new SweepRow
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
            Name = asked.Name is { Length: > 0 } name ? name : experiment.Preset?.Name ?? string.Create(CultureInfo.InvariantCulture, $"sweep of {now:yyyy-MM-dd HH:mm}"),
            Preset = experiment.Preset?.Name,
            Recipe = asked.Recipe?.ToJsonString(),
            Grid = asked.Grid is null ? null : JsonSerializer.Serialize(asked.Grid),
            Seeds = [.. experiment.Seeds],
            State = SweepState.Active,
            CreatedAt = now,
        };
    }
}
