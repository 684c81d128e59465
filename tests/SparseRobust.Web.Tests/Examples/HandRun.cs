using System.Globalization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Examples;

/// <summary>A finished run that nobody trained: its rows in the database and, for each evaluation, what a model is said to have answered.</summary>
internal static class HandRun
{
    public static readonly ShortcutNliTask Task = new() { TrainRows = 300, EvaluationRows = 90 };

    private const string Recipe = """{"task":{"kind":"shortcut-nli","train_rows":300,"evaluation_rows":90},"paradigm":{"kind":"full-model"}}""";

    private static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    private static int _runs;

    /// <summary>dev, ood, ood-reversed; 90 rows each.</summary>
    public static IReadOnlyList<Dataset> Data { get; } = DatasetCatalog.Evaluated(Task, new DatasetFolders([]), CancellationToken.None);

    /// <summary>Answers whose likeliest class is the label but for each n-th row, where it is the next one; rows differ in how sure they are.</summary>
    public static SetPredictions WrongEach(Dataset data, int n) => Of(data, row => (data.Examples[row].Label + (row % n == 0 ? 1 : 0)) % 3);

    public static SetPredictions Of(Dataset data, Func<int, int> predicted)
    {
        var logits = new float[3 * data.Examples.Count];
        for (var row = 0; row < data.Examples.Count; row++)
            logits[3 * row + predicted(row)] = 1 + row * 7 % 10;
        return new SetPredictions(
            data.Name, data.Split, data.Sha256, LabelSet.ThreeWayNli, data.Labels, [0, 1, 2], new Predictions(logits, 3), [.. data.Examples.Select(example => (float)example.Label)]);
    }

    /// <summary>Adds the run and gives its id.</summary>
    /// <param name="server">Where.</param>
    /// <param name="evaluations">Names, and what is kept of each; null as from before rows were kept.</param>
    public static async Task<string> AddAsync(LabServer server, params (string Stage, IReadOnlyList<SetPredictions>? Sets)[] evaluations)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"hand-{Interlocked.Increment(ref _runs)}");
        await using var db = await server.DatabaseAsync();
        db.Runs.Add(new RunRow { Id = id, RecipeHash = id, Seed = 1, Recipe = Recipe, Task = "shortcut-nli", Model = "bert", Paradigm = "full-model", State = RunState.Succeeded, CreatedAt = Time });
        foreach (var (ordinal, (stage, sets)) in evaluations.Index())
        {
            var hash = string.Create(CultureInfo.InvariantCulture, $"{id}-{ordinal}");
            db.Stages.Add(new StageRow { Hash = hash, Name = stage, WallSeconds = 1, Folder = Path.Combine("lab", "stages", hash), RecordedAt = Time });
            db.Scores.AddRange(Data.Select(data => new ScoreRow
            {
                RunId = id, StageOrdinal = ordinal, Stage = stage, StageHash = hash, Dataset = data.Name, DatasetSha256 = data.Sha256, Split = data.Split,
                Slice = "all", Metric = "accuracy", Value = 0.5, N = 90, Seed = 1, IsFinal = ordinal == evaluations.Length - 1,
            }));
            if (sets is null)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(server, hash))!);
            PredictionsFile.Save(FileOf(server, hash), sets);
            db.Artifacts.Add(new ArtifactRow { StageHash = hash, Name = PredictionsFile.Name, Sha256 = new string('0', 64), Size = new FileInfo(FileOf(server, hash)).Length });
        }
        await db.SaveChangesAsync();
        return id;
    }

    public static string FileOf(LabServer server, string stageHash) => Path.Combine(server.Storage, "lab", "stages", stageHash, PredictionsFile.Name);
}
