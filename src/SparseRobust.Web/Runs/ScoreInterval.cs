using SparseRobust.Lab.Statistics;

namespace SparseRobust.Web.Runs;

/// <summary>Wilson's 95 % interval of a score that is a share of rows.</summary>
internal static class ScoreInterval
{
    /// <summary>Null for metrics that are no share of n rows, such as a loss or a mean over labels.</summary>
    public static (double Lower, double Upper)? Of(string metric, double value, int n)
    {
        if (!metric.EndsWith("accuracy", StringComparison.Ordinal) || metric.EndsWith("balanced_accuracy", StringComparison.Ordinal) || n < 1 || value is not (>= 0 and <= 1))
            return null;
        var share = new Proportion((int)Math.Round(value * n), n);
        return (share.WilsonLower, share.WilsonUpper);
    }
}
