using System.CommandLine;

namespace SparseRobust.Cli;

/// <summary>Options that several commands take.</summary>
internal static class SharedOptions
{
    public const string DefaultOut = "data/lab";

    public static Option<string[]> Data() => new("--data") { Description = "Folder of datasets; may be given several times. SPARSEROBUST_DATA is searched after them.", DefaultValueFactory = _ => [] };

    public static Option<string> Out() => new("--out") { Description = "Folder for runs/ and stages/, in whose models/ pre-trained models are looked for; finished stages in it are reused.", DefaultValueFactory = _ => DefaultOut };

    public static Option<string?> Seeds() => new("--seeds") { Description = "Seeds, comma-separated; the preset's own by default, 1 for a recipe file." };

    public static Option<bool> Json() => new("--json") { Description = "One JSON object a line, for scripts." };

    /// <summary>A whole-number option of at least <paramref name="least"/>.</summary>
    public static Option<int> Count(string name, string description, int fallback, int least = 1, int most = 1_000_000)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
                result.AddError($"{name} is {value}; give a whole number from {least} to {most}.");
        });
        return option;
    }
}
