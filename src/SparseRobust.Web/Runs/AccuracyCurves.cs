using System.Text.Json;

namespace SparseRobust.Web.Runs;

/// <summary>A curve of accuracy over all rows of an evaluation set, or of the sample that is evaluated during training.</summary>
public sealed record AccuracyCurve(string Key, string Dataset, string Split, string Metric, int N, bool Sampled)
{
    /// <summary>Dev sets are drawn like the training set; every other set is out of its distribution.</summary>
    public bool IsInDistribution => DistributionOf(Split) == "in";

    public static string DistributionOf(string split) => split.StartsWith("dev", StringComparison.Ordinal) ? "in" : "out";
}

/// <summary>Finds the accuracy curves among a run's series.</summary>
internal static class AccuracyCurves
{
    // Of classes, and of the two tasks of pre-training.
    private static readonly string[] Metrics = ["accuracy", "mlm_accuracy", "nsp_accuracy"];

    /// <summary>In distribution first, then the others by name.</summary>
    /// <param name="bodies">Evaluation events.</param>
    /// <param name="keys">The run's series.</param>
    public static IReadOnlyList<AccuracyCurve> Find(IEnumerable<string> bodies, IReadOnlyCollection<string> keys)
    {
        var scores = bodies.SelectMany(body => JsonElement.Parse(body).GetProperty("scores").EnumerateArray());
        var curves = scores.Where(score => Text(score, "slice") == "all" && Metrics.Contains(Text(score, "metric"))).Select(score => CurveOf(score, keys)).OfType<AccuracyCurve>();
        // During training a set may be sampled; the smaller n is that of the curve.
        return [.. curves.GroupBy(curve => curve.Key).Select(same => same.MinBy(curve => curve.N)!).OrderByDescending(curve => curve.IsInDistribution).ThenBy(curve => curve.Key, StringComparer.Ordinal)];
    }

    // A series names the split only where an evaluation has several of the dataset.
    private static AccuracyCurve? CurveOf(JsonElement score, IReadOnlyCollection<string> keys)
    {
        var (dataset, split, metric) = (Text(score, "dataset"), Text(score, "split"), Text(score, "metric"));
        string[] candidates = [$"eval/{dataset}_{split}_{metric}", $"eval/{dataset}_{metric}"];
        return candidates.FirstOrDefault(keys.Contains) is { } key ? new AccuracyCurve(key, dataset, split, metric, score.GetProperty("n").GetInt32(), score.GetProperty("sampled").GetBoolean()) : null;
    }

    private static string Text(JsonElement score, string name) => score.GetProperty(name).GetString()!;
}
