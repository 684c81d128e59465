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

    /// <summary>When it was journalled, UTC.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset Time { get; init; }
}

/// <summary>An attempt at the run began (the first, or one that resumes).</summary>
public sealed record RunStarted(string RunId, long Seed, int Stages, string Device) : RunEvent;

/// <summary>A stage began. <paramref name="FromStep"/> is above 0 when it resumes from a checkpoint.</summary>
public sealed record StageStarted(string Stage, string StageHash, int FromStep, int TotalSteps) : RunEvent;

/// <summary>A stage's output is complete on disk.</summary>
public sealed record StageFinished(string Stage, string StageHash, double WallSeconds) : RunEvent;

/// <summary>A stage was skipped because its output is there already.</summary>
public sealed record StageReused(string Stage, string StageHash) : RunEvent;

/// <summary>Measurements at a training step: train/loss, train/learning_rate, train/grad_norm, prune/sparsity.</summary>
public sealed record StepMeasured(string Stage, int Step, int TotalSteps, IReadOnlyDictionary<string, double> Values) : RunEvent;

/// <summary>Scores at a training step, or of the chosen checkpoint.</summary>
public sealed record Evaluated(string Stage, int Step, IReadOnlyList<Score> Scores) : RunEvent;

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
