using System.Globalization;

namespace SparseRobust.Lab.Evaluation;

/// <summary>Rows put into four groups of about equal size by a number each of them has.</summary>
internal static class Quartiles
{
    /// <summary>The name of each row's group: <c>name=q1_0.1_to_0.25</c>, with the smallest and largest number of the group; null for a row without a number.</summary>
    /// <param name="name">What the number is.</param>
    /// <param name="values">A finite number per row, or null: such a row is in no group.</param>
    /// <param name="unit">Follows the numbers in the name: <c>_words</c>.</param>
    /// <remarks>
    /// The bounds are the numbers of rank ceil(n/4), ceil(n/2) and ceil(3n/4) of the n sorted ones (the inverse of their distribution function, without interpolation), and a row's group is one more than
    /// the bounds below its number. Equal numbers are never parted, so groups may differ in size and some may be empty. Names round to three decimals; the bounds do not.
    /// </remarks>
    public static IReadOnlyList<string?> NamesOf(string name, IReadOnlyList<double?> values, string unit = "")
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        if (sorted.Length == 0)
            return new string?[values.Count];
        double[] bounds = [.. Enumerable.Range(1, 3).Select(quarter => sorted[(quarter * sorted.Length + 3) / 4 - 1])];
        var names = sorted.GroupBy(GroupOf).ToDictionary(
            group => group.Key,
            group => string.Create(CultureInfo.InvariantCulture, $"{name}=q{group.Key}_{group.First():0.###}_to_{group.Last():0.###}{unit}"));
        return [.. values.Select(value => value is { } number ? names[GroupOf(number)] : null)];

        int GroupOf(double value) => 1 + bounds.Count(bound => bound < value);
    }
}
