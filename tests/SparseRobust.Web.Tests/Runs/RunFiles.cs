using System.Security.Cryptography;
using System.Text.Json;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>What must be the same however often a run was disturbed.</summary>
internal static class RunFiles
{
    private static readonly string[] PerMachine = ["system/memory_resident_bytes", "train/step_seconds", "train/examples_per_second", "train/tokens_per_second"];

    /// <summary>Every tensor file of a storage folder with its SHA-256.</summary>
    public static IReadOnlyList<string> Tensors(string storage)
    {
        var stages = Path.Combine(storage, "lab", "stages");
        return [.. Directory.GetFiles(stages, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(stages, path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}")];
    }

    /// <summary>Sequences without gaps or doubles; then (stage, step, name, value) of every measurement but those of time and memory, and (stage, step, scores) of every evaluation, in order.</summary>
    public static IReadOnlyList<string> Points(IReadOnlyList<JsonElement> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("sequence").GetInt32()));
        return [.. events.SelectMany(PointsOf)];
    }

    private static IEnumerable<string> PointsOf(JsonElement e) => e.GetProperty("event").GetString() switch
    {
        "step_measured" => e.GetProperty("values").EnumerateObject().Where(value => !PerMachine.Contains(value.Name)).Select(value => $"{e.GetProperty("stage")} {e.GetProperty("step")} {e.GetProperty("run_step")} {value.Name} {value.Value.GetRawText()}"),
        "evaluated" => [$"{e.GetProperty("stage")} {e.GetProperty("step")} {e.GetProperty("run_step")} {e.GetProperty("scores").GetRawText()}"],
        _ => [],
    };
}
