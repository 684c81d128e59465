using System.Text.Json.Nodes;

namespace SparseRobust.Web.Runs;

/// <summary>POST /api/v1/plans: a recipe, a recipe over a grid, or a preset.</summary>
public sealed record CreatePlan
{
    /// <summary>A recipe; defaults, and what the grid sets, may be left out. Either this or preset.</summary>
    public JsonObject? Recipe { get; init; }

    /// <summary>The name of a preset.</summary>
    public string? Preset { get; init; }

    /// <summary>Values by dotted path, such as "paradigm.pruning.sparsity": [0.5, 0.7]; with a recipe only.</summary>
    public IReadOnlyDictionary<string, JsonArray>? Grid { get; init; }

    /// <summary>Default: the preset's, or 1.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }
}

/// <summary>What launching would do and cost.</summary>
public sealed record PlanView
{
    /// <summary>Every cell with every seed.</summary>
    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <summary>How many runs are in each state; "new" for those that are not there yet.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    public required PlannedStages Stages { get; init; }

    /// <summary>Updates of all trainings still to do; a stage that several runs share counts once.</summary>
    public required long TrainingSteps { get; init; }

    /// <summary>Seconds of computing still to do, one stage after another; absent without a measurement for every training.</summary>
    public double? EstimatedSeconds { get; init; }

    /// <summary>Bytes that the outputs of the stages to do will keep on disk; absent without a measurement for every training.</summary>
    public long? EstimatedBytes { get; init; }

    /// <summary>Free bytes on the storage root's disk.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Where the estimates come from, or why there are none.</summary>
    public required string EstimateBasis { get; init; }

    /// <summary>Why there is no estimate of energy.</summary>
    public required string EnergyBasis { get; init; }
}

/// <summary>A run that launching would make, or find.</summary>
/// <param name="RunId">Its id, whether or not it is there yet.</param>
/// <param name="Cell">The cell's name; empty for a recipe alone.</param>
/// <param name="RecipeHash">The recipe's identity.</param>
/// <param name="Seed">Seed.</param>
/// <param name="State">State of the run that is there, or "new".</param>
/// <param name="Stages">What it consists of.</param>
public sealed record PlannedRun(string RunId, string Cell, string RecipeHash, long Seed, string State, IReadOnlyList<PlannedStage> Stages);

/// <summary>A stage of a planned run.</summary>
/// <param name="Name">Name.</param>
/// <param name="Hash">Identity: equal hashes are done once.</param>
/// <param name="IsComplete">Whether its output is there.</param>
/// <param name="TotalSteps">Updates of its training; 0 for a stage that trains nothing.</param>
public sealed record PlannedStage(string Name, string Hash, bool IsComplete, int TotalSteps);

/// <summary>The stages of all planned runs.</summary>
/// <param name="Total">As if every run did all of its own.</param>
/// <param name="Distinct">Different ones.</param>
/// <param name="Shared">Repetitions that sharing spares: total less distinct.</param>
/// <param name="Complete">Different ones whose output is there.</param>
/// <param name="ToDo">Different ones still to do; those of runs that have succeeded do not count.</param>
public sealed record PlannedStages(int Total, int Distinct, int Shared, int Complete, int ToDo);
