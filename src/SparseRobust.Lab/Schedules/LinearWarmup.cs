namespace SparseRobust.Lab.Schedules;

/// <summary>Learning-rate factor: rises linearly from 0 over the warm-up, then falls linearly to 0 at the end.</summary>
/// <remarks>With t updates done before the current one, w warm-up updates and T in all: t / w for t &lt; w, else (T - t) / (T - w).
/// T is the whole training's length (<see cref="Budget.Horizon"/>), t counts from the beginning of the budget: a part of a training starts at its peak again.
/// Source: Win-win Deal, Table 3 and its scripts (linear schedule with warm-up); the first update of a warm-up has factor 0, as there.</remarks>
public static class LinearWarmup
{
    /// <summary>The factor for update <paramref name="step"/>, in [0, 1].</summary>
    /// <param name="step">The update about to be done.</param>
    /// <param name="warmupSteps">Updates of warm-up; a value below 1 is a share of the total, as in Hugging Face's warmup_steps.</param>
    public static double Factor(Step step, double warmupSteps)
    {
        var total = step.Budget.Horizon;
        var warmup = warmupSteps < 1 ? Math.Ceiling(warmupSteps * total) : warmupSteps;
        double done = step.Index - 1;
        return done < warmup
            ? done / Math.Max(1, warmup)
            : Math.Max(0, (total - done) / Math.Max(1, total - warmup));
    }
}
