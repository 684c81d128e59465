using System.CommandLine;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Cli;

/// <summary>A preset's name or a recipe file, as a preset either way.</summary>
internal static class RecipeArgument
{
    public static Argument<string> Create() => new("recipe") { Description = "A recipe file (JSON), or the name of a preset (see: presets)." };

    public static Preset Read(string text)
    {
        if (PaperRecipes.Find(text) is { } preset)
            return preset;
        if (!File.Exists(text))
            throw new LabException(ProblemCode.RecipeInvalid, $"\"{text}\" is neither a file nor a preset. Presets: {string.Join(", ", PaperRecipes.All.Select(p => p.Name))}.");
        var name = Path.GetFileNameWithoutExtension(text);
        return new Preset(name, "Recipe file.", text, [new Cell(name, RecipeReader.Read(File.ReadAllText(text)))], [1], []);
    }

    public static IReadOnlyList<long> Seeds(string? text, Preset preset)
    {
        if (text is null)
            return preset.Seeds;
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<long> seeds = [.. parts.Select(part => long.TryParse(part, out var seed) && seed >= 0
            ? seed
            : throw new LabException(ProblemCode.RecipeInvalid, $"--seeds: \"{part}\" is not a whole number of at least 0."))];
        if (seeds.GroupBy(seed => seed).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new LabException(ProblemCode.RecipeInvalid, $"--seeds names {twice.Key} twice; a seed counts once.");
        return seeds.Count > 0 ? seeds : throw new LabException(ProblemCode.RecipeInvalid, "--seeds names no seed.");
    }
}
