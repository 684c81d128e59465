namespace SparseRobust.Lab.Schedules;

/// <summary>How long a training lasts.</summary>
/// <param name="TotalSteps">Optimizer updates in all: floor(steps per epoch x epochs), at least 1.</param>
/// <param name="StepsPerEpoch">Updates per pass over the training rows: ceil(rows / batch).</param>
public readonly record struct Budget(int TotalSteps, int StepsPerEpoch)
{
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
    /// <summary>Passes over the training rows so far, fractional.</summary>
    public double Epoch => (double)Index / Budget.StepsPerEpoch;

    /// <summary>Share of the training done, in (0, 1].</summary>
    public double Progress => (double)Index / Budget.TotalSteps;

    /// <summary>Whether this is the last update.</summary>
    public bool IsLast => Index == Budget.TotalSteps;
}
