using System.CommandLine;
using System.Text.Json;
using SparseRobust.Lab;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Reports;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Cli;

/// <summary>run: every recipe of a preset, or one recipe file, for every seed; then a table over the seeds.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var recipe = RecipeArgument.Create();
        var output = SharedOptions.Out();
        var data = SharedOptions.Data();
        var seeds = SharedOptions.Seeds();
        var json = SharedOptions.Json();
        var device = new Option<string>("--device") { Description = "cpu, or cuda:N.", DefaultValueFactory = _ => "cpu" };
        var logging = SharedOptions.Count("--logging-steps", "Updates between measurements.", new TrainingCadence().LoggingSteps);
        var saving = SharedOptions.Count("--save-steps", "Updates between checkpoints.", new TrainingCadence().SaveSteps);
        var command = new Command("run", "Run a recipe or a preset. Run it again to go on after Ctrl-C, kill or a crash.") { recipe, output, data, seeds, json, device, logging, saving };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var preset = RecipeArgument.Read(parse.GetValue(recipe)!);
            var options = new LaboratoryOptions(parse.GetValue(output)!, DatasetFolders.FromEnvironment(parse.GetValue(data)!))
            {
                Device = parse.GetValue(device)!,
                Cadence = new TrainingCadence(parse.GetValue(logging), parse.GetValue(saving)),
            };
            RunAll(preset, RecipeArgument.Seeds(parse.GetValue(seeds), preset), options, parse.GetValue(json), cancellation);
        }));
        return command;
    }

    private static void RunAll(Preset preset, IReadOnlyList<long> seeds, LaboratoryOptions options, bool json, CancellationToken cancellation)
    {
        RuntimeCheck.Print(json);
        using var laboratory = new Laboratory(options, TimeProvider.System);
        var results = new List<(Cell, RunResult)>();
        var number = 0;
        foreach (var seed in seeds)
        {
            foreach (var cell in preset.Cells)
            {
                var title = $"[{++number}/{seeds.Count * preset.Cells.Count}] {cell.Name}, seed {seed}";
                results.Add((cell, json ? WithJson(laboratory, cell, seed, cancellation) : ProgressDisplay.Run(title, observer => laboratory.Run(cell.Recipe, seed, observer, cancellation))));
            }
        }
        var report = SeedReport.Of(preset, results);
        var path = Path.Combine(options.Root, "reports", $"{preset.Name.Replace('/', '-')}.seeds-{string.Join('-', seeds)}");
        DurableFile.Write($"{path}.md", report.ToMarkdown());
        DurableFile.Write($"{path}.json", JsonSerializer.Serialize(report, LabJson.Options));
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(report, JsonLines.Options));
        else
            Console.WriteLine($"{Environment.NewLine}{report.ToMarkdown(withSlices: false)}{Environment.NewLine}By heuristic and gold label too: {path}.md, {path}.json");
    }

    private static RunResult WithJson(Laboratory laboratory, Cell cell, long seed, CancellationToken cancellation)
    {
        var result = laboratory.Run(cell.Recipe, seed, new JsonLines(), cancellation);
        Console.WriteLine(JsonSerializer.Serialize(result, JsonLines.Options));
        return result;
    }
}
