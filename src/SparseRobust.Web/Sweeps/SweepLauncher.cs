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
        var sweep = RowOf(asked, experiment);
        var launched = await launcher.LaunchAsync(Requests(asked, experiment), (db, runs) => EnrollAsync(db, sweep, runs, cancellation), cancellation);
        return new CreatedSweep(sweep.Id, [.. launched.Select(CreatedRun.Of)]);
    }

    /// <summary>First one run of each shared training, then the next of each: two workers that both wanted the same training would wait for one another.</summary>
    private static IReadOnlyList<LaunchRequest> Requests(CreateSweep asked, Experiment experiment)
    {
        var cells = experiment.Cells.Select(cell => (Cell: cell, RecipeSummary.Of(cell.Recipe).FirstTraining)).ToList();
        var requests = from seed in experiment.Seeds from each in cells select (Request: RequestOf(asked, experiment, each.Cell, seed), each.FirstTraining);
        return [.. requests.GroupBy(each => (each.FirstTraining, each.Request.Seed)).SelectMany(sharing => sharing.Index()).OrderBy(each => each.Index).Select(each => each.Item.Request)];
    }

    private static LaunchRequest RequestOf(CreateSweep asked, Experiment experiment, Cell cell, long seed) => new(cell.Recipe, seed)
    {
        Tags = asked.Tags,
        Priority = asked.Priority,
        Preset = experiment.Preset?.Name,
        Cell = cell.Name.Length > 0 ? cell.Name : null,
    };

    private static async Task EnrollAsync(LabDb db, SweepRow sweep, IReadOnlyList<Launched> launched, CancellationToken cancellation)
    {
        db.Sweeps.Add(sweep);
        await db.SaveChangesAsync(cancellation);
        var members = launched.DistinctBy(each => each.Run.Id).Select((each, ordinal) => new SweepRunRow { SweepId = sweep.Id, Ordinal = ordinal, RunId = each.Run.Id, Launched = each.IsNew || each.IsAgain });
        await db.CopyAsync([.. members], cancellation);
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
