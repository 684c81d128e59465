using System.Globalization;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>Seeds as people write them: "1, 2, 3" or "1-4, 7".</summary>
internal static class SeedList
{
    private const int Most = LaunchReader.MostRuns;

    /// <summary>Each seed once, in the order written; none for a blank text.</summary>
    /// <exception cref="Problem">RequestInvalid, at $.seeds.</exception>
    public static IReadOnlyList<long> Parse(string? text)
    {
        var seeds = new List<long>();
        foreach (var part in (text ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', '–');
            if (ends.Length > 2 || !TryRead(ends[0], out var first) || !TryRead(ends[^1], out var last))
                throw Problem.Invalid("$.seeds", $"\"{part}\" is not a seed or a range of seeds. Write whole numbers from 0 to {int.MaxValue}, such as 1, 2, 3 or 1-4.");
            if (last < first)
                throw Problem.Invalid("$.seeds", $"\"{part}\" runs backwards; write {last}-{first}.");
            if (last - first >= Most || seeds.Count + last - first >= Most)
                throw Problem.Invalid("$.seeds", $"\"{part}\" makes more than {Most.ToString("N0", CultureInfo.InvariantCulture)} seeds. Give fewer.");
            for (var seed = first; seed <= last; seed++)
                seeds.Add(seed);
        }
        return [.. seeds.Distinct()];
    }

    /// <summary>The seeds in order, three or more in a row as a range.</summary>
    public static string Write(IEnumerable<long> seeds)
    {
        var parts = new List<string>();
        foreach (var row in seeds.Distinct().Order().Select((seed, index) => (seed, index)).GroupBy(each => each.seed - each.index, each => each.seed))
        {
            var members = row.ToList();
            parts.AddRange(members.Count > 2 ? [$"{members[0]}-{members[^1]}"] : members.Select(seed => seed.ToString(CultureInfo.InvariantCulture)));
        }
        return string.Join(", ", parts);
    }

    private static bool TryRead(string text, out long seed) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed) && seed <= int.MaxValue;
}
