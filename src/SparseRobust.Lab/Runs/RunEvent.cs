using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Runs;

/// <summary>Something that happened in a run. Numbers only; a tensor never leaves the laboratory.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run_started")]
[JsonDerivedType(typeof(StageStarted), "stage_started")]
[JsonDerivedType(typeof(StageFinished), "stage_finished")]
[JsonDerivedType(typeof(StageReused), "stage_reused")]
[JsonDerivedType(typeof(StepMeasured), "step_measured")]
[JsonDerivedType(typeof(Evaluated), "evaluated")]
[JsonDerivedType(typeof(Noted), "noted")]
[JsonDerivedType(typeof(RunFinished), "run_finished")]
[JsonDerivedType(typeof(RunFailed), "run_failed")]
public abstract record RunEvent
{
    /// <summary>Position in the run's journal, from 1 without gaps; given by the run journal.</summary>
    [JsonPropertyOrder(-2)]
    public long Sequence { get; init; }

    /// <summary>When it was journalled here, UTC; for an event repeated from a stage's own journal that is later than when it happened.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset Time { get; init; }
}

/// <summary>An attempt at the run began (the first, or one that resumes).</summary>
public sealed record RunStarted(string RunId, long Seed, int Stages, string Device) : RunEvent;

/// <summary>A stage began.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="StageHash">Its identity.</param>
/// <param name="FromStep">Above 0 when it resumes from a checkpoint. If another run had brought it there, that run's events of the stage follow, repeated.</param>
/// <param name="TotalSteps">Length of its training in updates; 0 for a stage that trains nothing.</param>
public sealed record StageStarted(string Stage, string StageHash, int FromStep, int TotalSteps) : RunEvent;

/// <summary>A stage's output is complete on disk.</summary>
public sealed record StageFinished(string Stage, string StageHash, double WallSeconds) : RunEvent;

/// <summary>A stage was skipped because its output is there already.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="StageHash">Its identity.</param>
/// <param name="TotalSteps">Length of its training in updates; 0 for a stage that trains nothing.</param>
/// <param name="Replayed">How many of the next events are the stage's own, repeated from when it was made; 0 when this journal has them further up.</param>
public sealed record StageReused(string Stage, string StageHash, int TotalSteps = 0, int Replayed = 0) : RunEvent;

/// <summary>Measurements at a training step, each name once a step: train/loss, train/learning_rate, train/grad_norm, train/padding_share (of this step's batch); with each evaluation of a model that is being pruned, prune/sparsity.</summary>
public sealed record StepMeasured(string Stage, int Step, int TotalSteps, IReadOnlyDictionary<string, double> Values) : RunEvent;

/// <summary>Scores at a training step, or of the chosen checkpoint.</summary>
/// <param name="Stage">The stage that evaluated.</param>
/// <param name="Step">Updates the scored weights had had in the training of <paramref name="Subject"/>; 0 when nothing was trained.</param>
/// <param name="Scores">The numbers.</param>
/// <param name="Subject">The stage whose steps are counted; null means <paramref name="Stage"/> itself.</param>
public sealed record Evaluated(string Stage, int Step, IReadOnlyList<Score> Scores, string? Subject = null) : RunEvent;

/// <summary>A sentence for people: rows truncated, a checkpoint chosen.</summary>
public sealed record Noted(string Stage, string Text) : RunEvent;

/// <summary>The run is complete.</summary>
public sealed record RunFinished(double WallSeconds) : RunEvent;

/// <summary>The run ended in a failure or was cancelled (<paramref name="Code"/> "Cancelled").</summary>
public sealed record RunFailed(string Code, string Message) : RunEvent;

/// <summary>Watches a run. Called on the compute thread after the event is in the journal; must not block.</summary>
public interface IRunObserver
{
    /// <summary>Called for each journalled event, in sequence order.</summary>
    void On(RunEvent runEvent);
}
