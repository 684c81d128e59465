using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Data;
using Spectre.Console;

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
            var listings = DatasetCatalog.List(DatasetFolders.FromEnvironment(parse.GetValue(data)!), cancellation);
            if (parse.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(listings.Select(ForScripts), JsonLines.Options));
            else
                Print(listings);
        }));
        return command;
    }

    private static object ForScripts(DatasetListing listing) => new
    {
        listing.Name, listing.Split, listing.Rows, listing.PublishedRows, LabelShares = listing.LabelShares.ToDictionary(),
        BrokenRows = listing.BrokenRows.Count, listing.UnlabelledRows, listing.Sha256, Path = listing.SourcePath,
        Problem = listing.Problem?.Code.ToString(), listing.Problem?.Message,
    };

    private static void Print(IReadOnlyList<DatasetListing> listings)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("dataset", "split", "rows", "of published", "label shares", "broken", "sha256");
        foreach (var listing in listings)
            table.AddRow([.. Row(listing).Select(cell => new Text(cell))]);
        AnsiConsole.Write(table);
        foreach (var listing in listings.Where(listing => listing.BrokenRows.Count > 0))
            foreach (var broken in listing.BrokenRows)
                Console.WriteLine($"{listing.Name} {listing.Split}, line {broken.Line}: {broken.Reason}");
        foreach (var message in listings.Select(listing => listing.Problem?.Message).OfType<string>().Distinct())
            Console.WriteLine(message);
    }

    private static IEnumerable<string> Row(DatasetListing listing) =>
    [
        listing.Name,
        listing.Split,
        listing.Problem is { } problem ? problem.Code.ToString() : listing.Rows.ToString("N0", CultureInfo.InvariantCulture),
        listing.PublishedRows?.ToString("N0", CultureInfo.InvariantCulture) ?? "generated",
        string.Join(", ", listing.LabelShares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Key} {100 * share.Value:0.0} %"))),
        listing.BrokenRows.Count.ToString(CultureInfo.InvariantCulture),
        listing.Sha256?[..12] ?? "",
    ];
}
