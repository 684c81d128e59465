using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Schedules;

/// <summary>A sparsity that rises during a training, fast at first: s(p) = s_f + (s_i - s_f) (1 - (p - from) / (to - from))^3, s_i before and s_f after, with p the share of the training
/// that is done.</summary>
/// <remarks>Source: Win-win Deal, sec. 5.2 and B.3.3, where from is the start and to the end, s_i 0.7 and s_f 0.9 (0.5 and 0.7 for RoBERTa-base and BERT-large); the cube is Zhu and Gupta's
/// (2017). It is read at evaluations only; in between the thresholds stay where they are.</remarks>
public sealed record CubicSparsity
{
    /// <summary>s_i: share removed at first, in [0, 1), below the final sparsity.</summary>
    [Range(0.0, 0.999)]
    public double InitialSparsity { get; init; } = 0.7;

    /// <summary>Share of the training after which the sparsity begins to rise, in [0, 1).</summary>
    [Range(0.0, 0.999)]
    public double From { get; init; }

    /// <summary>Share of the training at which the final sparsity is reached, in (0, 1], after <see cref="From"/>. Only evaluations from there on can be chosen; with 1, the default, that is the
    /// last one alone.</summary>
    [Range(0.001, 1.0)]
    public double To { get; init; } = 1;

    /// <summary>The sparsity at a step; exactly <paramref name="final"/> from the end of the rise on.</summary>
    /// <param name="step">How far the training is.</param>
    /// <param name="final">s_f, in [0, 1).</param>
    public double At(Step step, double final)
    {
        var done = (step.Progress - From) / (To - From);
        return done <= 0 ? InitialSparsity : done >= 1 ? final : final + (InitialSparsity - final) * Math.Pow(1 - done, 3);
    }
}
