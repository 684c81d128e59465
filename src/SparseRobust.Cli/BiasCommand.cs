using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Cli;

/// <summary>bias: how well the bias model of a recipe does on each set by itself; trains no network and writes nothing.</summary>
internal static class BiasCommand
{
    private const string TwoClass = "two_class_";
    private const string OfLabel = "label=";

    public static Command Create()
    {
        var recipe = RecipeArgument.Create();
        var data = SharedOptions.Data();
        var output = new Option<string>("--out") { Description = "Output folder, in whose models/ a pre-trained model is looked for.", DefaultValueFactory = _ => SharedOptions.DefaultOut };
        var json = SharedOptions.Json();
        var command = new Command("bias", "Fit a recipe's bias model and print how well it does on every set beside what a constant answer reaches.") { recipe, data, output, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var laboratory = new Laboratory(new LaboratoryOptions(parse.GetValue(output)!, DatasetFolders.FromEnvironment(parse.GetValue(data)!)), TimeProvider.System);
            // The cells of a preset mostly share one bias model.
            foreach (var cell in RecipeArgument.Read(parse.GetValue(recipe)!).Cells.DistinctBy(cell => (cell.Recipe.Task, cell.Recipe.Model as PretrainedSpec, cell.Recipe.Bias)))
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
        string[][] rows =
        [
            ["dataset", "split", "n", "accuracy", "majority", "balanced", "two-class", "two-class majority", "two-class balanced", "AUC", "tokens with a vector", "right by gold label"],
            .. report.Scores.GroupBy(score => (score.Dataset, score.Split)).Select(Row),
        ];
        var columns = Enumerable.Range(0, rows[0].Length).Where(column => rows.Skip(1).Any(row => row[column].Length > 0)).ToArray();
        var widths = columns.Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            Console.WriteLine(string.Join("  ", columns.Select((column, i) => row[column].PadRight(widths[i]))).TrimEnd());
        Console.WriteLine(Vectors((report.Fit as OverlapFit)?.Vectors ?? (report.Fit as ClaimOnlyFit)?.Vectors));
        Console.WriteLine(Legend(report.Scores.Any(score => score.Metric.StartsWith(TwoClass, StringComparison.Ordinal))));
    }

    private static string Vectors(VectorsUse? vectors) => vectors is null ? "Word vectors: none."
        : string.Create(CultureInfo.InvariantCulture, $"Word vectors: {vectors.Kind}, {vectors.Dimension} numbers each, SHA-256 {vectors.Sha256}.");

    private static string Legend(bool hasTwoClasses) => "majority: the best constant answer. balanced: mean over the gold labels, where a constant answer reaches 1 / labels."
        + (hasTwoClasses ? " two-class, and right by gold label: entailment (duplicate) at p > 1/2 against the rest. AUC: 0.5 is chance." : "");

    private static string[] Row(IGrouping<(string Dataset, string Split), Score> set)
    {
        string Text(string metric, Func<double, string> format) => set.FirstOrDefault(score => score.Slice == "all" && score.Metric == metric) is { } score ? format(score.Value) : "";
        string Share(string metric) => Text(metric, Percent);
        var metricByLabel = set.Any(score => score.Metric == $"{TwoClass}accuracy") ? $"{TwoClass}accuracy" : "accuracy";
        return
        [
            set.Key.Dataset, set.Key.Split, set.First().N.ToString("N0", CultureInfo.InvariantCulture),
            Share("accuracy"), Share("majority_accuracy"), Share("balanced_accuracy"),
            Share($"{TwoClass}accuracy"), Share($"{TwoClass}majority_accuracy"), Share($"{TwoClass}balanced_accuracy"),
            Text($"{TwoClass}auc", auc => auc.ToString("0.0000", CultureInfo.InvariantCulture)), Share("vector_coverage"),
            string.Join(", ", set.Where(score => score.Slice.StartsWith(OfLabel, StringComparison.Ordinal) && score.Metric == metricByLabel).Select(score => $"{score.Slice[OfLabel.Length..]} {Percent(score.Value)}")),
        ];
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");
}
