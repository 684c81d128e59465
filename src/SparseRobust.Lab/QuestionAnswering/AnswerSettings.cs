using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>How answers are read from a model's logits.</summary>
/// <remarks>Source: BERT's run_squad.py, whose defaults these are.</remarks>
public sealed record AnswerSettings
{
    /// <summary>How many candidates are kept, by which probabilities are normalised. Default 20.</summary>
    [Range(1, 1000)]
    public int NBest { get; init; } = 20;

    /// <summary>Most tokens of an answer. Default 30.</summary>
    [Range(1, 512)]
    public int MaxAnswerLength { get; init; } = 30;

    /// <summary>Whether "no answer" is an answer (SQuAD 2.0). False by default.</summary>
    public bool AllowsNoAnswer { get; init; }

    /// <summary>The answer is "none" when the null score exceeds the best span's score by more than this; in logits. Read only where "no answer" is allowed. Default 0.</summary>
    public double NullThreshold { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, or the threshold is NaN.</exception>
    internal void Require()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(NBest, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAnswerLength, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(NullThreshold, double.NaN);
    }
}
