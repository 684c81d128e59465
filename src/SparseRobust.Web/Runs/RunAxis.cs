using System.Text.Json;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Runs;

/// <summary>A stage of a run as its journal tells it; seconds and steps are null while unknown.</summary>
public sealed record RunStage(string Name, string Hash, bool Reused, long? Steps, long Start, double? Seconds);

/// <summary>A run's stages in order, from the events that begin and end them: known while it runs and after it failed, too.</summary>
internal static class RunAxis
{
    public static readonly string[] Kinds = ["stage_started", "stage_reused", "stage_finished"];

    /// <param name="bodies">The events of these kinds, in sequence order.</param>
    public static IReadOnlyList<RunStage> Stages(IEnumerable<string> bodies)
    {
        var stages = new List<RunStage>();
        foreach (var body in bodies.Select(body => JsonElement.Parse(body)))
        {
            var name = body.GetProperty("stage").GetString()!;
            var known = stages.FindIndex(stage => stage.Name == name);
            if (body.GetProperty("event").GetString() == "stage_finished")
            {
                if (known >= 0)
                    stages[known] = stages[known] with { Seconds = body.GetProperty("wall_seconds").GetDouble() };
                continue;
            }
            // An attempt that resumes begins its stage again under its name; the stage keeps its place.
            var begun = Begun(name, body);
            if (known < 0)
                stages.Add(begun);
            else
                stages[known] = stages[known] with { Hash = begun.Hash, Steps = begun.Steps };
        }
        return stages;
    }

    /// <summary>The stages that have steps, for a chart.</summary>
    public static IReadOnlyList<ChartStage> Spans(IEnumerable<RunStage> stages) =>
        [.. stages.Where(stage => stage.Steps > 0).Select(stage => new ChartStage(stage.Name, stage.Start, stage.Start + stage.Steps!.Value))];

    private static RunStage Begun(string name, JsonElement body) => new(
        name,
        body.GetProperty("stage_hash").GetString()!,
        body.GetProperty("event").GetString() == "stage_reused",
        Number(body, "total_steps"),
        (Number(body, "run_step") ?? 0) - (Number(body, "from_step") ?? 0),
        null);

    private static long? Number(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
