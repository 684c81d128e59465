using System.CommandLine;
using System.Text.Json;
using SparseRobust.Lab;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Cli;

/// <summary>check: the faults of a recipe, or its stages and which of them are done; nothing is started.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var recipe = RecipeArgument.Create();
        var output = SharedOptions.Out();
        var data = SharedOptions.Data();
        var seeds = SharedOptions.Seeds();
        var json = SharedOptions.Json();
        var command = new Command("check", "Report every fault of a recipe, or the stages it would run; starts nothing.") { recipe, output, data, seeds, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var preset = RecipeArgument.Read(parse.GetValue(recipe)!);
            using var laboratory = new Laboratory(new LaboratoryOptions(parse.GetValue(output)!, DatasetFolders.FromEnvironment(parse.GetValue(data)!)), TimeProvider.System);
            foreach (var seed in RecipeArgument.Seeds(parse.GetValue(seeds), preset))
                foreach (var cell in preset.Cells)
                    Print(cell, seed, laboratory.Plan(cell.Recipe, seed, cancellation), parse.GetValue(json));
        }));
        return command;
    }

    private static void Print(Cell cell, long seed, IReadOnlyList<(string Name, string Hash, bool IsComplete)> stages, bool json)
    {
        var run = $"{RecipeHash.Of(cell.Recipe)}-{seed}";
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { run, cell = cell.Name, stages = stages.Select(stage => new { stage.Name, stage.Hash, Done = stage.IsComplete }) }, JsonLines.Options));
            return;
        }
        Console.WriteLine($"{run}  {cell.Name}, seed {seed}");
        foreach (var (name, hash, isComplete) in stages)
            Console.WriteLine($"  {hash}  {(isComplete ? "done   " : "to run ")}  {name}");
    }
}
