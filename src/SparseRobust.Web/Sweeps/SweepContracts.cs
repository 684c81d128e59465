using System.Text.Json;
using System.Text.Json.Nodes;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Sweeps;

/// <summary>POST /api/v1/sweeps: a preset's cells, or a recipe over a grid, with seeds.</summary>
public sealed record CreateSweep
{
    /// <summary>The name of a preset. Either this or recipe.</summary>
    public string? Preset { get; init; }

    /// <summary>A recipe; defaults, and what the grid sets, may be left out.</summary>
    public JsonObject? Recipe { get; init; }

    /// <summary>Values by dotted path, such as "paradigm.pruning.sparsity": [0.5, 0.7]; with a recipe only.</summary>
    public IReadOnlyDictionary<string, JsonArray>? Grid { get; init; }

    /// <summary>Default: the preset's, or 1.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>Default: the preset's name, or the date.</summary>
    public string? Name { get; init; }

    /// <summary>Of every run made for the sweep.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Higher goes first; from -100 to 100.</summary>
    public int Priority { get; init; }
}

/// <summary>A sweep as REST shows it.</summary>
public sealed record SweepView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What was asked for: active, paused or cancelled.</summary>
    [OneOf(SweepState.Active, SweepState.Paused, SweepState.Cancelled)]
    public required string State { get; init; }

    public string? Preset { get; init; }

    public required IReadOnlyList<long> Seeds { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many runs it has.</summary>
    public required int RunCount { get; init; }

    /// <summary>How many of them have ended, whichever way.</summary>
    public required int EndedCount { get; init; }

    /// <summary>How many of them are in each state.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>The recipe that the grid varies; only when one sweep is asked for, and not for a preset.</summary>
    public JsonElement? Recipe { get; init; }

    /// <summary>The grid; only when one sweep is asked for.</summary>
    public JsonElement? Grid { get; init; }

    /// <summary>Its runs in the sweep's own order; only when one sweep is asked for.</summary>
    public IReadOnlyList<SweepItem>? Items { get; init; }

    internal static SweepView Of(SweepProgress progress) => new()
    {
        Id = progress.Sweep.Id,
        Name = progress.Sweep.Name,
        State = progress.Sweep.State,
        Preset = progress.Sweep.Preset,
        Seeds = progress.Sweep.Seeds,
        CreatedAt = progress.Sweep.CreatedAt,
        RunCount = progress.Total,
        EndedCount = progress.Ended,
        Counts = progress.States.OrderBy(state => state.Key).ToDictionary(state => state.Key.Word(), state => state.Value),
    };

    internal static SweepView Of(SweepMembers members) => Of(members.Progress) with
    {
        Recipe = members.Progress.Sweep.Recipe is { } recipe ? JsonElement.Parse(recipe) : null,
        Grid = members.Progress.Sweep.Grid is { } grid ? JsonElement.Parse(grid) : null,
        Items = [.. members.Runs.Select(SweepItem.Of)],
    };
}

/// <summary>A run of a sweep.</summary>
public sealed record SweepItem
{
    public required string RunId { get; init; }

    public required string RecipeHash { get; init; }

    public string? Cell { get; init; }

    public required long Seed { get; init; }

    [OneOfRunStates]
    public required string State { get; init; }

    public string? Stage { get; init; }

    public int? Step { get; init; }

    public int? TotalSteps { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? ProblemCode { get; init; }

    internal static SweepItem Of(RunRow run) => new()
    {
        RunId = run.Id,
        RecipeHash = run.RecipeHash,
        Cell = run.Cell,
        Seed = run.Seed,
        State = run.State.Word(),
        Stage = run.Stage,
        Step = run.Step,
        TotalSteps = run.TotalSteps,
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
        ProblemCode = run.ProblemCode,
    };
}

/// <summary>Answer to POST /api/v1/sweeps.</summary>
public sealed record CreatedSweep(string Id, IReadOnlyList<CreatedRun> Items);

/// <summary>A page of sweeps: its size, 50 unless said, and where to go on.</summary>
public sealed record SweepListQuery(
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_size")] int? PageSize = null,
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_token")] string? PageToken = null);
