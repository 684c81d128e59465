using System.Text.Json;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Runs;

/// <summary>An event as the tables hold it.</summary>
/// <param name="Event">As journalled.</param>
/// <param name="RunStep">Its place on the run's one step axis; null for events without a step.</param>
/// <param name="Points">Its values by series.</param>
/// <param name="Body">Its JSON with run_step and values, as readers get it.</param>
internal sealed record ProjectedEvent(RunEvent Event, int? RunStep, IReadOnlyDictionary<string, double> Points, string Body)
{
    /// <summary>The stage it belongs to; null for events of the run.</summary>
    public string? Stage { get; init; }

    /// <summary>Steps of all stages begun so far: as far as the axis is known.</summary>
    public int RunSteps { get; init; }

    public string Kind { get; } = JsonNamingPolicy.SnakeCaseLower.ConvertName(Event.GetType().Name);
}

/// <summary>Lays a run's stages end to end on one step axis and names its series. Fed with every event of the journal from the first.</summary>
internal sealed class RunProjection
{
    private static readonly IReadOnlyDictionary<string, double> NoPoints = new Dictionary<string, double>();

    // HANS's own, and the gold label's: no two of them share a value, so that the value alone tells them apart.
    private static readonly string[] NamedByValue = ["heuristic", "subcase", "template", "label"];
    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _trained = new(StringComparer.Ordinal);

    /// <summary>Where the next stage will begin: the number of steps of all stages so far.</summary>
    public int End { get; private set; }

    /// <summary>Begins anew, for a journal read again from its first event.</summary>
    public void Clear()
    {
        _offsets.Clear();
        _trained.Clear();
        End = 0;
    }

    public ProjectedEvent Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case StageStarted started:
                Begin(started.Stage, started.TotalSteps);
                return Project(runEvent, _offsets[started.Stage] + started.FromStep, NoPoints);
            case StageReused reused:
                Begin(reused.Stage, reused.TotalSteps);
                return Project(runEvent, _offsets[reused.Stage], NoPoints);
            case StepMeasured measured:
                return Project(runEvent, At(measured.Stage, measured.Step), measured.Values);
            case Evaluated evaluated:
                // A bias model's scores are no curve: nothing was trained in steps.
                var trained = evaluated.Subject ?? evaluated.Stage;
                return Project(runEvent, At(trained, evaluated.Step), _trained.Contains(trained) ? Series(evaluated) : NoPoints);
            default:
                return Project(runEvent, null, NoPoints);
        }
    }

    // A stage that resumes starts again under its name and keeps its place.
    private void Begin(string stage, int totalSteps)
    {
        if (_offsets.TryAdd(stage, End))
            End += totalSteps;
        if (totalSteps > 0)
            _trained.Add(stage);
    }

    private int At(string stage, int step) => _offsets.GetValueOrDefault(stage, End) + step;

    /// <summary>eval/hans_accuracy; with the split when the event has several of the dataset: eval/shortcut-nli_ood_accuracy; with HANS's slices by their values: eval/hans_lexical_overlap_entailment_accuracy;
    /// with other slices in full, as several can have the same values: eval/mnli_genre=fiction_accuracy.</summary>
    private static SortedDictionary<string, double> Series(Evaluated evaluated)
    {
        var points = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var severalSplits = evaluated.Scores.GroupBy(score => score.Dataset).Where(group => group.Select(score => score.Split).Distinct().Count() > 1).Select(group => group.Key).ToHashSet();
        foreach (var score in evaluated.Scores)
        {
            var split = severalSplits.Contains(score.Dataset) ? $"_{score.Split}" : "";
            var slice = score.Slice == "all" ? "" : "_" + SliceName(score.Slice);
            points[$"eval/{score.Dataset}{split}{slice}_{score.Metric}"] = score.Value;
        }
        return points;
    }

    private static string SliceName(string slice)
    {
        var parts = slice.Split(',').Select(part => part.Split('=', 2)).ToList();
        return parts.TrueForAll(part => part is [var name, _] && NamedByValue.Contains(name)) ? string.Join('_', parts.Select(part => part[1])) : slice;
    }

    private ProjectedEvent Project(RunEvent runEvent, int? runStep, IReadOnlyDictionary<string, double> points)
    {
        var body = JsonSerializer.SerializeToNode(runEvent, RunJson.Options)!.AsObject();
        if (runStep is not null)
            body["run_step"] = runStep;
        if (runEvent is Evaluated)
            body["values"] = JsonSerializer.SerializeToNode(points, RunJson.Options);
        return new ProjectedEvent(runEvent, runStep, points, body.ToJsonString()) { Stage = (string?)body["stage"], RunSteps = End };
    }
}
