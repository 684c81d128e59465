using System.CommandLine;

namespace SparseRobust.Cli;

/// <summary>Options that several commands take.</summary>
internal static class SharedOptions
{
    public static Option<string[]> Data() => new("--data") { Description = "Folder of datasets; may be given several times. SPARSEROBUST_DATA is searched after them.", DefaultValueFactory = _ => [] };

    public static Option<string> Out() => new("--out") { Description = "Folder for runs/ and stages/; finished stages in it are reused.", DefaultValueFactory = _ => "data/lab" };

    public static Option<string?> Seeds() => new("--seeds") { Description = "Seeds, comma-separated; the preset's own by default, 1 for a recipe file." };

    public static Option<bool> Json() => new("--json") { Description = "One JSON object a line, for scripts." };
}
