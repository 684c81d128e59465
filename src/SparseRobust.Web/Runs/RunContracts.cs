using System.Text.Json;
using System.Text.Json.Nodes;

namespace SparseRobust.Web.Runs;

/// <summary>POST /api/v1/runs: a recipe, or a preset's cells.</summary>
public sealed record CreateRuns
{
    /// <summary>A recipe; defaults may be left out. Either this or preset.</summary>
    public JsonObject? Recipe { get; init; }

    /// <summary>The name of a preset; each of its cells becomes a run for each seed.</summary>
    public string? Preset { get; init; }

    /// <summary>Default: the preset's, or 1.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Notes { get; init; }

    /// <summary>Higher goes first; from -100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>Make new runs that reuse nothing, even where equal ones are finished.</summary>
    public bool Rerun { get; init; }
}

/// <summary>PATCH /api/v1/runs/{id}: what is given is changed.</summary>
public sealed record ChangeRun
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public string? Notes { get; init; }
}

/// <summary>A run as REST shows it.</summary>
public sealed record RunView
{
    public required string Id { get; init; }

    public required string RecipeHash { get; init; }

    public required long Seed { get; init; }

    [OneOfRunStates]
    public required string State { get; init; }

    public string? Name { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public string? Notes { get; init; }

    public required string Task { get; init; }

    public required string Model { get; init; }

    public required string Paradigm { get; init; }

    public string? Pruning { get; init; }

    public string? FineTuningObjective { get; init; }

    public string? PruningObjective { get; init; }

    /// <summary>Target share of the encoder's weights removed; absent for dense models.</summary>
    public double? Sparsity { get; init; }

    public string? Preset { get; init; }

    public string? Cell { get; init; }

    public required int Priority { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? Stage { get; init; }

    public int? Step { get; init; }

    public int? TotalSteps { get; init; }

    public required long LastSequence { get; init; }

    public required long Attempts { get; init; }

    public string? Node { get; init; }

    public required bool Imported { get; init; }

    public RunProblem? Problem { get; init; }

    /// <summary>The canonical recipe; only when one run is asked for.</summary>
    public JsonElement? Recipe { get; init; }

    /// <summary>The laboratory's result; only when one run is asked for and it succeeded.</summary>
    public JsonElement? Result { get; init; }

    public static RunView Of(RunRow run, bool whole = false) => new()
    {
        Id = run.Id,
        RecipeHash = run.RecipeHash,
        Seed = run.Seed,
        State = run.State.Word(),
        Name = run.Name,
        Tags = run.Tags,
        Notes = run.Notes,
        Task = run.Task,
        Model = run.Model,
        Paradigm = run.Paradigm,
        Pruning = run.Pruning,
        FineTuningObjective = run.FineTuningObjective,
        PruningObjective = run.PruningObjective,
        Sparsity = run.Sparsity,
        Preset = run.Preset,
        Cell = run.Cell,
        Priority = run.Priority,
        CreatedAt = run.CreatedAt,
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
        Stage = run.Stage,
        Step = run.Step,
        TotalSteps = run.TotalSteps,
        LastSequence = run.LastSequence,
        Attempts = run.LeaseEpoch,
        Node = run.LeaseNode,
        Imported = run.Imported,
        Problem = run.ProblemCode is null ? null : new RunProblem(run.ProblemCode, run.ProblemMessage ?? ""),
        Recipe = whole ? JsonElement.Parse(run.Recipe) : null,
        Result = whole && run.Result is not null ? JsonElement.Parse(run.Result) : null,
    };
}

/// <summary>Why a run failed.</summary>
public sealed record RunProblem(string Code, string Message);

/// <summary>A page of a list; the token, when there is one, asks for the next page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextPageToken = null);

/// <summary>A run that answers a request to create it.</summary>
public sealed record CreatedRun(string Id, [property: OneOfRunStates] string State, string? Cell, long Seed, bool IsNew)
{
    internal static CreatedRun Of(Launched launched) => new(launched.Run.Id, launched.Run.State.Word(), launched.Run.Cell, launched.Run.Seed, launched.IsNew);
}
