using System.Text.Json;
using System.Text.Json.Nodes;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>Launches a preset or a grid as runs that belong together, in one transaction.</summary>
internal sealed class SweepLauncher(RunLauncher launcher, TimeProvider time)
{
    /// <exception cref="Problem">RequestInvalid.</exception>
    /// <exception cref="Lab.Errors.RecipeInvalidException">With every fault of every cell.</exception>
    public async Task<(SweepRow Sweep, IReadOnlyList<Launched> Runs)> LaunchAsync(SweepRequest request, CancellationToken cancellation)
    {
        LaunchReader.RequireLabels(request.Name, request.Tags, null);
        var preset = request.Preset is null ? null : LaunchReader.FindPreset(request.Preset);
        var cells = preset?.Cells ?? GridCells(request);
        var seeds = LaunchReader.Seeds(request.Seeds ?? preset?.Seeds ?? [1]);
        if (cells.Count * (long)seeds.Count > LaunchReader.MostRuns)
            throw Problem.Invalid("$.seeds", $"{cells.Count * (long)seeds.Count:N0} runs are more than {LaunchReader.MostRuns:N0} at once. Give fewer seeds or values.");
        var sweep = new SweepRow
        {
            Id = Guid.NewGuid().ToString("N")[..12],
            Name = request.Name ?? preset?.Name ?? "sweep",
            Preset = preset?.Name,
            Recipe = request.Recipe?.ToJsonString(),
            Grid = request.Grid is null ? null : JsonSerializer.Serialize(request.Grid),
            Seeds = [.. seeds],
            State = "active",
            CreatedAt = time.GetUtcNow(),
        };
        var requests = from seed in seeds from cell in cells select new LaunchRequest(cell.Recipe, seed) { Name = request.Name, Tags = request.Tags, Priority = request.Priority, Preset = preset?.Name, Cell = cell.Name };
        var launched = await launcher.LaunchAsync([.. requests], (db, runs) =>
        {
            db.Sweeps.Add(sweep);
            db.SweepRuns.AddRange(runs.DistinctBy(each => each.Run.Id).Select((each, index) => new SweepRunRow { SweepId = sweep.Id, Ordinal = index, RunId = each.Run.Id }));
        }, cancellation);
        return (sweep, launched);
    }

    // A kind is called by the axis it chooses: paradigm.pruning_training.objective.kind is objective.
    private static string AxisName(string path) => path.Split('.').Last(part => part != "kind");

    private static IReadOnlyList<Cell> GridCells(SweepRequest request)
    {
        var grid = request.Grid ?? new Dictionary<string, JsonArray>();
        var recipe = request.Recipe ?? throw Problem.Invalid("$", "give either a recipe or a preset.");
        return [.. RecipeGrid.Expand(recipe, grid).Select(cell => new Cell(string.Join(", ", cell.Values.Select(value => $"{AxisName(value.Key)} {value.Value?.ToString() ?? "null"}")), cell.Recipe))];
    }
}
