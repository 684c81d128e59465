using System.Globalization;

namespace SparseRobust.Web.Runs;

/// <summary>Time and disk of stages to do, by the medians of finished stages of the same shape; nothing is guessed.</summary>
/// <param name="Stages">Different stages to do.</param>
/// <param name="TrainingSteps">Their updates.</param>
/// <param name="Seconds">One after another; null when a training has no measurement.</param>
/// <param name="Bytes">What their outputs keep; null when a training has no measurement.</param>
/// <param name="Basis">Where the numbers come from, or why there are none.</param>
internal sealed record Estimate(int Stages, long TrainingSteps, double? Seconds, long? Bytes, string Basis)
{
    public const string Unmeasured = "No finished training of this shape here yet.";

    public static Estimate Of(IReadOnlyList<StageWork> stages, IReadOnlyList<StageMeasurement> measurements)
    {
        var work = stages.DistinctBy(stage => stage.Hash).ToList();
        var steps = work.Sum(stage => (long)stage.TotalSteps);
        if (work.Count == 0)
            return new Estimate(0, 0, 0, 0, "Everything is done already.");
        var wanted = work.Select(stage => stage.Shape).ToHashSet();
        var known = measurements.Where(measurement => wanted.Contains(measurement.Shape)).GroupBy(measurement => measurement.Shape).ToDictionary(group => group.Key, group => group.ToList());
        if (work.Exists(stage => stage.Shape.IsTraining && !known.ContainsKey(stage.Shape)))
            return new Estimate(work.Count, steps, null, null, Unmeasured);
        var counted = work.Where(stage => known.ContainsKey(stage.Shape)).ToList();
        if (counted.Count == 0)
            return new Estimate(work.Count, steps, null, null, "No finished stage of this shape here yet.");
        var medians = known.ToDictionary(pair => pair.Key, pair => (Seconds: Median(pair.Value.Select(each => each.Seconds)), Bytes: Median(pair.Value.Select(each => (double)each.Bytes))));
        return new Estimate(
            work.Count, steps,
            counted.Sum(stage => medians[stage.Shape].Seconds * Math.Max(1, stage.TotalSteps)),
            (long)counted.Sum(stage => medians[stage.Shape].Bytes),
            BasisOf(known, work.Except(counted)));
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string BasisOf(Dictionary<StageShape, List<StageMeasurement>> known, IEnumerable<StageWork> uncounted)
    {
        var trainings = known.Where(pair => pair.Key.IsTraining).Sum(pair => pair.Value.Count);
        var others = known.Where(pair => !pair.Key.IsTraining).Sum(pair => pair.Value.Count);
        var missing = string.Join(", ", uncounted.Select(stage => stage.Name).Distinct());
        return string.Create(CultureInfo.InvariantCulture, $"Medians of {trainings} finished trainings and {others} other stages of the same task, model shape, length and batch size in this laboratory, one stage after another.")
            + (missing.Length > 0 ? $" Not counted, for want of a finished one: {missing}." : "");
    }
}
