namespace SparseRobust.Web.Runs;

/// <summary>The part of a run that lists show.</summary>
internal static class RunColumns
{
    /// <summary>Leaves recipe and result in the database: of a thousand runs they would be megabytes that no list shows.</summary>
    public static IQueryable<RunRow> Listed(this IQueryable<RunRow> runs) => runs.Select(run => new RunRow
    {
        Id = run.Id,
        RecipeHash = run.RecipeHash,
        Seed = run.Seed,
        Rerun = run.Rerun,
        Recipe = "",
        Task = run.Task,
        Model = run.Model,
        Paradigm = run.Paradigm,
        Pruning = run.Pruning,
        FineTuningObjective = run.FineTuningObjective,
        PruningObjective = run.PruningObjective,
        Sparsity = run.Sparsity,
        Name = run.Name,
        Notes = run.Notes,
        Tags = run.Tags,
        Priority = run.Priority,
        Preset = run.Preset,
        Cell = run.Cell,
        State = run.State,
        CreatedAt = run.CreatedAt,
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
        ProblemCode = run.ProblemCode,
        ProblemMessage = run.ProblemMessage,
        LeaseEpoch = run.LeaseEpoch,
        LeaseNode = run.LeaseNode,
        LeaseRenewedAt = run.LeaseRenewedAt,
        Stage = run.Stage,
        Step = run.Step,
        TotalSteps = run.TotalSteps,
        LastSequence = run.LastSequence,
        Imported = run.Imported,
    });
}
