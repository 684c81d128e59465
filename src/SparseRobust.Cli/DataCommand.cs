using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Cli;

/// <summary>data: which datasets are found, with rows, label shares and SHA-256.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("data", "List the datasets found: rows, label shares, broken rows, SHA-256.") { data, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var folders = DatasetFolders.FromEnvironment(parse.GetValue(data)!);
            var listings = DatasetCatalog.List(folders, cancellation);
            var baseline = DatasetCatalog.OverlapOnly(folders, cancellation);
            if (parse.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { Datasets = listings.Select(ForScripts), OverlapOnly = baseline }, JsonLines.Options));
            else
                Print(listings, baseline);
        }));
        return command;
    }

    private static object ForScripts(DatasetListing listing) => new
    {
        listing.Name, listing.Split, listing.Rows, listing.PublishedRows, LabelShares = listing.LabelShares.ToDictionary(),
        BrokenRows = listing.BrokenRows.Count, listing.UnlabelledRows, listing.Sha256, Path = listing.SourcePath,
        Problem = listing.Problem?.Code.ToString(), listing.Problem?.Message,
    };

    private static void Print(IReadOnlyList<DatasetListing> listings, IReadOnlyList<OverlapOnlyScore> baseline)
    {
        string[][] rows = [["dataset", "split", "rows", "published", "broken", "sha256", "label shares"], .. listings.Where(listing => listing.Problem is null).Select(Row)];
        // A dataset's name stands before its first split only: what belongs together is seen at once.
        string[][] table = [rows[0], .. rows.Zip(rows.Skip(1), (above, row) => above[0] == row[0] ? ["", .. row[1..]] : row)];
        var widths = Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Length)).ToArray();
        // Never folded: a narrow terminal wraps the line, a script or a pipe gets it whole.
        foreach (var row in table)
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column is 2 or 3 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        foreach (var score in baseline)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"word overlap alone, {score.Dataset} {score.Split}: {100 * score.Accuracy:0.0} % three-way, {100 * score.EntailmentAccuracy:0.0} % entailment or not (n {score.N})"));
        foreach (var listing in listings)
            foreach (var broken in listing.BrokenRows)
                Console.WriteLine($"{listing.Name} {listing.Split}, line {broken.Line}: {broken.Reason}");
        foreach (var message in listings.Where(listing => listing.Problem is { Code: not ProblemCode.DatasetMissing }).Select(listing => listing.Problem!.Message).Distinct())
            Console.WriteLine(message);
        PrintMissing([.. listings.Where(listing => listing.Problem is { Code: ProblemCode.DatasetMissing })]);
    }

    private static void PrintMissing(IReadOnlyList<DatasetListing> missing)
    {
        if (missing.Count == 0)
            return;
        Console.WriteLine($"Not found: {string.Join("; ", missing.GroupBy(listing => listing.Name).Select(family => $"{family.Key} {string.Join(", ", family.Select(listing => listing.Split))}"))}.");
        Console.WriteLine("Their file names: docs/datasets.md. Every place that was looked at: --json. Further folders: --data or SPARSEROBUST_DATA.");
    }

    private static string[] Row(DatasetListing listing) =>
    [
        listing.Name,
        listing.Split,
        listing.Rows.ToString("N0", CultureInfo.InvariantCulture),
        listing.PublishedRows?.ToString("N0", CultureInfo.InvariantCulture) ?? "generated",
        listing.BrokenRows.Count.ToString(CultureInfo.InvariantCulture),
        listing.Sha256?[..12] ?? "",
        listing.LabelShares.Count == 0
            ? "graded"
            : string.Join(", ", listing.LabelShares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Key} {100 * share.Value:0.0} %"))),
    ];
}
