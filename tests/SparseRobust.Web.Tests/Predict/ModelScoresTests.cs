using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SparseRobust.Web.Predict;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Predict;

/// <summary>Which scores a model is listed with.</summary>
[Collection(PostgresTests.Name)]
public sealed class ModelScoresTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    [PostgresTheory]
    [InlineData("stsb", "pearson", "pearsonr", 0.81)]
    [InlineData("cola", "matthews", "matthews_correlation", 0.42)]
    [InlineData("rte", "accuracy", "accuracy", 0.6)]
    public async Task A_model_is_listed_with_the_metric_of_its_task(string task, string metric, string hubName, double value)
    {
        var server = await postgres.IdleServerAsync();
        await AddAsync(server, task, (task, "dev", "pearson", 0.81), (task, "dev", "spearman", 0.79), (task, "dev", "matthews", 0.42), (task, "dev", "accuracy", 0.6), (task, "dev", "loss", 1.2));
        Assert.Equal([(task, metric, value)], Scores(await server.Client.JsonAsync($"/api/v1/models/model-{task}")));
        var card = ExportedCard.Of(await server.Services.GetRequiredService<ModelViews>().ReadAsync($"model-{task}", CancellationToken.None)).ToMarkdown();
        Assert.Contains($"| {task} | dev | {hubName} |", card, StringComparison.Ordinal);
        foreach (var filter in new[] { "glue", $"glue {task}" })
        {
            Assert.Contains(Ids(await server.Client.JsonAsync($"/api/v1/models?task={filter}&page_size=500")), id => id == $"model-{task}");
            Assert.Contains(Ids(await server.Client.JsonAsync($"/api/v1/runs?filter=task:\"{filter}\"&page_size=500")), id => id == $"run-{task}");
        }
    }

    [PostgresFact]
    public async Task A_set_without_that_metric_has_its_accuracy()
    {
        var server = await postgres.IdleServerAsync();
        await AddAsync(server, "wnli", ("wnli", "dev", "accuracy", 0.5));
        await AddAsync(server, "mrpc", ("mrpc", "dev", "f1", 0.7), ("mrpc", "dev", "accuracy", 0.65));
        await AddAsync(server, "sst2", ("sst2", "dev", "loss", 0.7));
        Assert.Equal([("wnli", "accuracy", 0.5)], Scores(await server.Client.JsonAsync("/api/v1/models/model-wnli")));
        Assert.Equal([("mrpc", "accuracy", 0.65)], Scores(await server.Client.JsonAsync("/api/v1/models/model-mrpc")));
        Assert.Empty(Scores(await server.Client.JsonAsync("/api/v1/models/model-sst2")));
    }

    [PostgresFact]
    public async Task A_model_says_which_pre_trained_model_it_started_from()
    {
        var server = await postgres.IdleServerAsync();
        await AddAsync(server, "qnli");
        await AddAsync(server, "ax");
        await using (var db = await server.DatabaseAsync())
            await db.Runs.Where(run => run.Id == "run-ax").ExecuteUpdateAsync(set => set
                .SetProperty(run => run.Recipe, """{"task":{"kind":"glue","name":"rte"},"model":{"kind":"pretrained","name":"small-bert"}}""").SetProperty(run => run.Model, "pretrained"));
        Assert.False((await server.Client.JsonAsync("/api/v1/models/model-qnli")).TryGetProperty("base_model", out _));
        Assert.Equal("small-bert", (await server.Client.JsonAsync("/api/v1/models/model-ax")).GetProperty("base_model").GetString());
        Assert.Contains("base_model: \"small-bert\"\n", ExportedCard.Of(await server.Services.GetRequiredService<ModelViews>().ReadAsync("model-ax", CancellationToken.None)).ToMarkdown(), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString());

    private static IEnumerable<(string?, string?, double)> Scores(JsonElement model) =>
        model.GetProperty("scores").EnumerateArray().Select(score => (score.GetProperty("dataset").GetString(), score.GetProperty("metric").GetString(), score.GetProperty("value").GetDouble()));

    private static async Task AddAsync(LabServer server, string task, params (string Dataset, string Split, string Metric, double Value)[] scores)
    {
        var (run, stage, evaluated) = ($"run-{task}", $"model-{task}", $"evaluated-{task}");
        await using var db = await server.DatabaseAsync();
        db.Runs.Add(new RunRow { Id = run, RecipeHash = run, Seed = 1, Recipe = $$$"""{"task":{"kind":"glue","name":"{{{task}}}"}}""", Task = $"glue {task}", Model = "bert", Paradigm = "full-model", State = RunState.Succeeded, CreatedAt = Time });
        db.Stages.AddRange(new StageRow { Hash = stage, Name = "fine-tune", WallSeconds = 1, Folder = "none", RecordedAt = Time }, new StageRow { Hash = evaluated, Name = "evaluate fine-tune", WallSeconds = 1, Folder = "none", RecordedAt = Time });
        db.RunStages.Add(new RunStageRow { RunId = run, Ordinal = 0, StageHash = stage, Reused = false });
        db.Models.Add(new ModelRow { Id = stage, Name = task, RunId = run, RecipeHash = run, Seed = 1, Task = $"glue {task}", CreatedAt = Time });
        db.Scores.AddRange(scores.Select(score => new ScoreRow
        {
            RunId = run, StageOrdinal = 1, Stage = "evaluate fine-tune", StageHash = evaluated, Dataset = score.Dataset, DatasetSha256 = "sha", Split = score.Split,
            Slice = "all", Metric = score.Metric, Value = score.Value, N = 90, Seed = 1, IsFinal = true,
        }));
        await db.SaveChangesAsync();
    }
}
