using System.Globalization;
using System.Text;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>The cases as Markdown.</summary>
internal static class StepTable
{
    private static readonly string[] Names = [Participant.OursName, Participant.AsIsName, Participant.BestName];

    public static string Of(IReadOnlyList<StepCase> cases)
    {
        var text = new StringBuilder();
        text.AppendLine("| model, precision, training | ours, ms | Python as is, ms | Python best, ms | as is / ours | best / ours | peak MiB: ours, as is, best |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var each in cases)
        {
            string[] cells =
            [
                $"{each.Model}, {each.Precision}, {each.Training}",
                Cell(each.Milliseconds(Participant.OursName), "0.0"), Cell(each.Milliseconds(Participant.AsIsName), "0.0"), Cell(each.Milliseconds(Participant.BestName), "0.0"),
                Cell(each.Ratio(Participant.AsIsName), "0.00"), Cell(each.Ratio(Participant.BestName), "0.00"),
                string.Join(", ", Names.Select(who => each.PeakMebibytes(who)?.ToString("0", CultureInfo.InvariantCulture) ?? "-")),
            ];
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
        }
        foreach (var failure in Failures(cases).Distinct())
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Not measured: {failure}");
        var libraries = cases.SelectMany(each => each.Runs).Where(run => run.Library is not null).Select(run => $"{run.Participant}: {run.Library}").Distinct();
        return text.AppendLine().AppendJoin('\n', libraries.Select(line => $"- {line}")).ToString();
    }

    public static string Cell(Spread? spread, string format) => spread is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{spread.Median.ToString(format, CultureInfo.InvariantCulture)} [{spread.Min.ToString(format, CultureInfo.InvariantCulture)}, {spread.Max.ToString(format, CultureInfo.InvariantCulture)}]");

    private static IEnumerable<string> Failures(IEnumerable<StepCase> cases) =>
        from each in cases
        from run in each.Runs
        where run.Failure is not null
        select $"{each.Model}, {each.Precision}, {each.Training}, {run.Participant}: {run.Failure}";
}
