using System.Globalization;

namespace SparseRobust.Web.Shell;

/// <summary>Numbers as pages write them; the islands write the same.</summary>
internal static class Words
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Fixed(double number, int decimals = 4) => number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string Percent(double share, int decimals = 1) => string.Create(CultureInfo.InvariantCulture, $"{Fixed(100 * share, decimals)} %");

    /// <summary>In [0, 1]; what rounds to nothing as a bound.</summary>
    public static string PValue(double p) => p < 0.0001 ? "< 0.0001" : Fixed(p);

    public static string Bytes(long count)
    {
        var unit = 0;
        double size = count;
        for (; size >= 1024 && unit < Units.Length - 1; unit++)
            size /= 1024;
        return $"{(unit == 0 || size >= 100 ? Whole((long)Math.Round(size)) : Fixed(size, 1))} {Units[unit]}";
    }

    public static string Duration(TimeSpan time, int decimals = 1) => time.TotalSeconds switch
    {
        < 0 => "–",
        < 60 => $"{Fixed(time.TotalSeconds, decimals)} s",
        < 3600 => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    /// <summary>lexical_overlap as "lexical overlap".</summary>
    public static string Spaced(string name) => name.Replace('_', ' ');
}
