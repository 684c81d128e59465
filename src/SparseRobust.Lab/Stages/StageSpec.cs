using System.Text.Json.Serialization;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Stages;

/// <summary>A piece of a run with an output of its own on disk, shared by every run that needs the same piece.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "stage")]
[JsonDerivedType(typeof(FitBiasStage), "fit-bias")]
[JsonDerivedType(typeof(FineTuneStage), "fine-tune")]
[JsonDerivedType(typeof(PredictTeacherStage), "predict-teacher")]
[JsonDerivedType(typeof(PruneStage), "prune")]
[JsonDerivedType(typeof(RetrainStage), "retrain")]
[JsonDerivedType(typeof(EvaluateStage), "evaluate")]
[JsonDerivedType(typeof(PretrainStage), "pretrain")]
public abstract record StageSpec
{
    /// <summary>The shared part of the run.</summary>
    public required Setup Setup { get; init; }

    /// <summary>Name in events and for people.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Stages whose output this one reads.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<StageSpec> Inputs { get; }

    /// <summary>Whether the output depends on the run's seed; a bias model's does not, so all seeds share it.</summary>
    [JsonIgnore]
    public virtual bool UsesSeed => true;

    /// <summary>Whether the output depends on the content of what <see cref="Setup.BiasSourcePath"/> names.</summary>
    internal virtual bool ReadsBiasSource => false;

    /// <summary>The bias model that the stage's own training reads; null when it reads none.</summary>
    internal virtual FitBiasStage? BiasOfTraining => null;

    /// <summary>The training the stage consists of; null when it trains nothing.</summary>
    internal virtual OptimizationSpec? Work => null;

    /// <summary>Updates of its training; of a level of a pruning method, those of its part of it; 0 when it trains nothing.</summary>
    /// <param name="trainingRows">Rows of the training set, at least 1.</param>
    internal virtual int StepsFor(int trainingRows) => Work?.StepsFor(trainingRows) ?? 0;

    /// <summary>Writes the output into the context's work folder.</summary>
    internal abstract void Run(StageContext context);
}

/// <summary>What a stage works with.</summary>
internal sealed record StageContext
{
    public required Materials Materials { get; init; }

    /// <summary>The materials of a labelled task, which every stage but pre-training works with; the recipe's rules see to it.</summary>
    public LabelledMaterials Labelled => (LabelledMaterials)Materials;

    public required long Seed { get; init; }

    public required Device Device { get; init; }

    public required StageJournal Journal { get; init; }

    public required string RunId { get; init; }

    public required TrainingCadence Cadence { get; init; }

    /// <summary>Where this stage writes.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where another stage's finished output lies.</summary>
    public required Func<StageSpec, string> OutputOf { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>What a training of a stage reads; <paramref name="pruning"/> is null for a dense model.</summary>
    public TrainingInputs Training(StageSpec stage, OptimizationSpec spec, Workload workload, PruningHooks? pruning) => new()
    {
        Stage = stage.Name,
        Spec = spec,
        Workload = workload,
        Pruning = pruning,
        Seed = Seed,
        Device = Device,
        Journal = Journal,
        WorkFolder = WorkFolder,
        RunId = RunId,
        Cadence = Cadence,
    };
}
