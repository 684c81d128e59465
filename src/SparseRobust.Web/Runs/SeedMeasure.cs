using SparseRobust.Lab.Statistics;

namespace SparseRobust.Web.Runs;

/// <summary>A run's score.</summary>
/// <param name="RecipeHash">The run's recipe.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Rerun">Which repetition of the two.</param>
/// <param name="Value">The score.</param>
/// <param name="Rows">How many rows it is over.</param>
internal sealed record SeedValue(string RecipeHash, long Seed, int Rerun, double Value, int Rows);

/// <summary>A score over seeds: the one place where they are added up.</summary>
/// <param name="OverSeeds">Mean, sample standard deviation and Student's 95 % interval; null when a value is not finite, for without it the mean would flatter.</param>
/// <param name="N">How many runs; of repetitions of a seed only the newest that has a score counts, or they would feign a larger n.</param>
/// <param name="Rows">How many rows each run's number is over; one value, unless the evaluation sets differ.</param>
/// <param name="Seeds">The seeds of these runs.</param>
public sealed record SeedMeasure(Interval? OverSeeds, int N, IReadOnlyList<int> Rows, IReadOnlyList<long> Seeds)
{
    /// <summary>Null when there are no values.</summary>
    internal static SeedMeasure? Of(IEnumerable<SeedValue> values)
    {
        // Added up in the order of the seeds, so that the last digit never depends on the order of rows.
        var counted = values.GroupBy(value => (value.RecipeHash, value.Seed)).Select(same => same.MaxBy(value => value.Rerun)!).OrderBy(value => value.Seed).ThenBy(value => value.Value).ToList();
        if (counted.Count == 0)
            return null;
        double[] numbers = [.. counted.Select(value => value.Value)];
        return new SeedMeasure(
            numbers.All(double.IsFinite) ? Interval.Of(numbers) : null, numbers.Length,
            [.. counted.Select(value => value.Rows).Distinct().Order()], [.. counted.Select(value => value.Seed).Distinct()]);
    }
}
