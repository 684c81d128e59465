using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Training;

/// <summary>Everything one training reads. Owned by the stage that made it.</summary>
internal sealed record TrainingInputs
{
    /// <summary>Name of the stage in events.</summary>
    public required string Stage { get; init; }

    public required OptimizationSpec Spec { get; init; }

    public required Workload Workload { get; init; }

    /// <summary>Hooks around the loop; null trains the dense model.</summary>
    public PruningHooks? Pruning { get; init; }

    public required long Seed { get; init; }

    public required Device Device { get; init; }

    public required StageJournal Journal { get; init; }

    /// <summary>Folder for checkpoints.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Which run this is, so that a checkpoint knows whose journal it belongs to.</summary>
    public required string RunId { get; init; }

    public required TrainingCadence Cadence { get; init; }
}

/// <summary>A pruning method at work on the model that is trained.</summary>
internal sealed record PruningHooks(PruningMethod Method, PrunableModel Model);

/// <summary>How often a training reports and saves; no effect on its result.</summary>
/// <param name="LoggingSteps">Updates between measurements.</param>
/// <param name="SaveSteps">Updates between checkpoints.</param>
public sealed record TrainingCadence(int LoggingSteps = 25, int SaveSteps = 500);

/// <summary>How a training ended; the model holds the chosen checkpoint's weights.</summary>
/// <param name="TotalSteps">Updates in all.</param>
/// <param name="BestStep">The chosen checkpoint.</param>
/// <param name="BestMetric">Its selection metric on the dev set; null when nothing was trained.</param>
internal sealed record TrainingOutcome(int TotalSteps, int BestStep, double? BestMetric)
{
    private const string FileName = "training.json";

    /// <summary>Writes it into a stage's folder.</summary>
    public void Save(string folder) => DurableFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, LabJson.Options));

    /// <summary>Reads it from a stage's folder; null when the stage trains nothing.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: the file is not what <see cref="Save"/> wrote.</exception>
    public static TrainingOutcome? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? LabJson.Read<TrainingOutcome>(path) : null;
    }
}
