using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Cli;

/// <summary>bias: how well the bias model of a recipe does on each set by itself; trains no network and writes nothing.</summary>
internal static class BiasCommand
{
    public static Command Create()
    {
        var recipe = RecipeArgument.Create();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("bias", "Fit a recipe's bias model and print its accuracy on every set beside that of the most frequent class.") { recipe, data, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var laboratory = new Laboratory(new LaboratoryOptions("", DatasetFolders.FromEnvironment(parse.GetValue(data)!)), TimeProvider.System);
            // The cells of a preset mostly share one bias model.
            foreach (var cell in RecipeArgument.Read(parse.GetValue(recipe)!).Cells.DistinctBy(cell => (cell.Recipe.Task, cell.Recipe.Bias)))
            {
                var report = laboratory.ScoreBias(cell.Recipe, cancellation);
                if (parse.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(report, JsonLines.Options));
                else
                    Print(report);
            }
        }));
        return command;
    }

    private static void Print(BiasReport report)
    {
        string[][] rows = [["dataset", "split", "n", "accuracy", "majority", "two-class", "two-class majority", "tokens with a vector"], .. report.Scores.GroupBy(score => (score.Dataset, score.Split)).Select(Row)];
        var columns = Enumerable.Range(0, rows[0].Length).Where(column => rows.Skip(1).Any(row => row[column].Length > 0)).ToArray();
        var widths = columns.Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            Console.WriteLine(string.Join("  ", columns.Select((column, i) => row[column].PadRight(widths[i]))).TrimEnd());
    }

    private static string[] Row(IGrouping<(string Dataset, string Split), Score> set)
    {
        string Percent(string metric) => set.FirstOrDefault(score => score.Metric == metric) is { } score ? string.Create(CultureInfo.InvariantCulture, $"{100 * score.Value:0.00} %") : "";
        return
        [
            set.Key.Dataset, set.Key.Split, set.First().N.ToString("N0", CultureInfo.InvariantCulture),
            Percent("accuracy"), Percent("majority_accuracy"), Percent("two_class_accuracy"), Percent("two_class_majority_accuracy"), Percent("vector_coverage"),
        ];
    }
}
