using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Data;

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
            var entries = DatasetCatalog.List(DatasetFolders.FromEnvironment(parse.GetValue(data)!), cancellation);
            if (parse.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(entries, JsonLines.Options));
            else
                foreach (var entry in entries)
                    Console.WriteLine(Line(entry));
        }));
        return command;
    }

    private static string Line(object entry) => entry.ToString() ?? "";
}
