using System.Text.Json;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Runs;

/// <summary>Everything that a run's page shows, read at one moment.</summary>
public sealed record RunReport
{
    public required RunRow Run { get; init; }

    public required IReadOnlyList<RunStage> Stages { get; init; }

    public required RunCurves Curves { get; init; }

    /// <summary>In the order of the stages.</summary>
    public required IReadOnlyList<ScoreRow> Scores { get; init; }

    public required MaskView? Masks { get; init; }

    public required IReadOnlyList<AttemptRow> Attempts { get; init; }

    public required IReadOnlyList<LogLine> Log { get; init; }

    public required IReadOnlyList<RunFile> Files { get; init; }

    /// <summary>Whether what a model of the run answered row by row was kept.</summary>
    public required bool HasExamples { get; init; }

    /// <summary>The last of its models that can answer; null while there is none.</summary>
    public required string? ModelId { get; init; }

    /// <summary>The folder of the model that the run has pre-trained; null for every other run, and before it has ended.</summary>
    public required string? PretrainedFolder { get; init; }

    public RunResult? Result => Run.Result is null ? null : JsonSerializer.Deserialize<RunResult>(Run.Result, RunJson.Options);

    public IReadOnlyList<ChartStage> Axis => RunAxis.Spans(Stages);
}

/// <summary>A file that a stage of the run has left.</summary>
public sealed record RunFile(string Name, string Sha256, long Size, string StageHash);

/// <summary>A run's curves on its one step axis.</summary>
public sealed record RunCurves(IReadOnlyList<ChartLine> Loss, IReadOnlyList<ChartLine> LearningRate, IReadOnlyList<ChartLine> Sparsity, IReadOnlyList<ChartLine> Accuracy, IReadOnlyList<AccuracyCurve> Sets);
