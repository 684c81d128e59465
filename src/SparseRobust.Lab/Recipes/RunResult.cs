using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;

namespace SparseRobust.Lab.Recipes;

/// <summary>A finished run's numbers and where they come from.</summary>
public sealed record RunResult
{
    /// <summary>{recipe hash}-{seed}.</summary>
    public required string RunId { get; init; }

    /// <summary>Identity of the science.</summary>
    public required string RecipeHash { get; init; }

    /// <summary>Seed of initial weights, dropout and data order.</summary>
    public required long Seed { get; init; }

    /// <summary>Commit the program was built from.</summary>
    public required string GitCommit { get; init; }

    /// <summary>Device the run ended on.</summary>
    public required string Device { get; init; }

    /// <summary>LibTorch, BLAS, core type, fused kernels and threads: with equal ones, equal recipe and seed give equal bytes on CPU.</summary>
    public required string Engine { get; init; }

    /// <summary>Rows per split, with what was left out or cut.</summary>
    public required IReadOnlyList<DatasetUse> Datasets { get; init; }

    /// <summary>The pre-trained model it started from; null for random weights.</summary>
    public PretrainedUse? PretrainedModel { get; init; }

    /// <summary>The stages in order.</summary>
    public required IReadOnlyList<StageResult> Stages { get; init; }

    /// <summary>Tensors alive in the process when the run ended; 0 unless something else computes there.</summary>
    public required long LiveTensors { get; init; }

    /// <summary>Seconds this attempt took; reused stages cost nothing.</summary>
    public required double WallSeconds { get; init; }
}

/// <summary>A stage of a finished run.</summary>
/// <param name="Name">fit-bias, fine-tune, prune, evaluate ...</param>
/// <param name="Hash">Folder under stages/.</param>
/// <param name="Reused">Whether the output was there already.</param>
/// <param name="WallSeconds">Seconds of the attempt that finished the stage; one that resumed counts from there.</param>
/// <param name="Sparsity">Share of the encoder's weights removed; null for stages without masks.</param>
/// <param name="Scores">Scores on the full sets; empty for stages that do not evaluate.</param>
public sealed record StageResult(string Name, string Hash, bool Reused, double WallSeconds, double? Sparsity, IReadOnlyList<Score> Scores);
