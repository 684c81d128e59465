namespace SparseRobust.Lab.Stages;

/// <summary>The stages in whose output an objective finds what it reads beside logits and labels (<see cref="Objectives.Needs"/>); null where it reads nothing.</summary>
public sealed record ObjectiveSources
{
    /// <summary>Where the bias log-probabilities come from.</summary>
    public FitBiasStage? Bias { get; init; }

    /// <summary>Where the teacher's log-probabilities come from.</summary>
    public PredictTeacherStage? Teacher { get; init; }

    internal IReadOnlyList<StageSpec> Stages => [.. new StageSpec?[] { Bias, Teacher }.OfType<StageSpec>()];
}
