using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Cli;

/// <summary>presets: the named experiments; with a name, its recipes as JSON.</summary>
internal static class PresetsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "Show this preset's recipes as JSON.", Arity = ArgumentArity.ZeroOrOne };
        var json = SharedOptions.Json();
        var command = new Command("presets", "List the named experiments, or show the recipes of one.") { name, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), _ =>
        {
            if (parse.GetValue(name) is { } wanted)
                Show(RecipeArgument.Read(wanted), parse.GetValue(json));
            else if (parse.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(PaperRecipes.All.Select(preset => new { preset.Name, preset.Description, preset.Source, Cells = preset.Cells.Count, preset.Seeds }), JsonLines.Options));
            else
                foreach (var preset in PaperRecipes.All)
                    Console.WriteLine($"{preset.Name}{Environment.NewLine}  {preset.Description}{Environment.NewLine}  {preset.Source}. {preset.Cells.Count} recipes x {preset.Seeds.Count} seeds.");
        }));
        return command;
    }

    private static void Show(Preset preset, bool json)
    {
        foreach (var (name, recipe) in preset.Cells)
        {
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(new { Hash = RecipeHash.Of(recipe), name, Recipe = JsonNode.Parse(RecipeHash.CanonicalJson(recipe)) }, JsonLines.Options));
            else
                Console.WriteLine($"// {RecipeHash.Of(recipe)}  {name}{Environment.NewLine}{RecipeHash.CanonicalJson(recipe)}");
        }
    }
}
