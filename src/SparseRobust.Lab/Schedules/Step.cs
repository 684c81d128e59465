namespace SparseRobust.Lab.Schedules;

/// <summary>How long a training lasts.</summary>
/// <param name="TotalSteps">Optimizer updates in all: floor(steps per epoch x epochs), at least 1.</param>
/// <param name="StepsPerEpoch">Updates per pass over the training rows: ceil(rows / batch).</param>
public readonly record struct Budget(int TotalSteps, int StepsPerEpoch)
{
    /// <summary>Updates of the whole training, over which the learning rate falls; more than <see cref="TotalSteps"/> where only a part of it is done.</summary>
    public int Horizon { get; init; } = TotalSteps;

    /// <summary>Updates of the whole training that came before this part; 0 for the whole.</summary>
    public int StepsBefore { get; init; }

    /// <summary>One of ten parts of the same length, floor(T / 10) updates and at least one; a training of fewer than ten updates counts as ten.</summary>
    /// <param name="number">Which, from 0 to 9.</param>
    public Budget Tenth(int number)
    {
        var length = Math.Max(1, TotalSteps / 10);
        return new Budget(length, StepsPerEpoch) { Horizon = Math.Max(10, TotalSteps), StepsBefore = number * length };
    }

    /// <summary>The budget of a number of (fractional) epochs.</summary>
    public static Budget Of(int rows, int batchSize, double epochs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        var perEpoch = (rows + batchSize - 1) / batchSize;
        return new Budget(Math.Max(1, (int)Math.Floor(perEpoch * (decimal)epochs)), perEpoch);
    }
}

/// <summary>A moment in training.</summary>
/// <param name="Index">Updates done, from 1 to <see cref="Budget.TotalSteps"/>.</param>
/// <param name="Budget">The training it belongs to.</param>
public readonly record struct Step(int Index, Budget Budget)
{
    /// <summary>Updates done of the whole training, of which the budget may be a part.</summary>
    public int Overall => Budget.StepsBefore + Index;

    /// <summary>Passes over the training rows so far, fractional.</summary>
    public double Epoch => (double)Overall / Budget.StepsPerEpoch;

    /// <summary>Share of the whole training done, in (0, 1].</summary>
    public double Progress => (double)Overall / Budget.Horizon;

    /// <summary>Whether this is the budget's last update.</summary>
    public bool IsLast => Index == Budget.TotalSteps;
}
