using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Predict;

/// <summary>Which models.</summary>
internal sealed record ModelQuery(
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "task")] string? Task,
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_size")] int? PageSize,
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_token")] string? PageToken);

/// <summary>Reads models with their files, scores and aliases.</summary>
internal sealed class ModelViews(IDbContextFactory<LabDb> databases)
{
    private const string Evaluating = "evaluate ";
    private const string Accuracy = "accuracy";

    // As many as people can choose from.
    private const int MostToChoose = 500;

    /// <summary>What people choose from: the default first, then the newest.</summary>
    public async Task<IReadOnlyList<ModelView>> ReadChoiceAsync(CancellationToken cancellation) =>
        [.. (await ListAsync(new ModelQuery(null, MostToChoose, null), cancellation)).Items.OrderByDescending(model => model.IsDefault)];

    /// <summary>A page, newest first.</summary>
    public async Task<Page<ModelView>> ListAsync(ModelQuery query, CancellationToken cancellation)
    {
        var size = Hosting.PageToken.Size(query.PageSize);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = db.Models.AsNoTracking();
        if (query.Task is { Length: > 0 })
            rows = rows.Where(model => model.Task == query.Task || model.Task.StartsWith(query.Task + " "));
        if (Hosting.PageToken.Parse(query.PageToken) is var (time, id))
            rows = rows.Where(model => model.CreatedAt < time || (model.CreatedAt == time && string.Compare(model.Id, id) < 0));
        var models = await rows.OrderByDescending(model => model.CreatedAt).ThenByDescending(model => model.Id).Take(size + 1).ToListAsync(cancellation);
        var next = models.Count > size ? new PageToken(models[size - 1].CreatedAt, models[size - 1].Id).ToString() : null;
        return new Page<ModelView>(await ViewsAsync(db, models[..Math.Min(size, models.Count)], cancellation), next);
    }

    public async Task<ModelView> ReadAsync(string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return (await ViewsAsync(db, await db.Models.AsNoTracking().Where(model => model.Id == id).ToListAsync(cancellation), cancellation)).SingleOrDefault() ?? throw Problem.NotFound("model", id);
    }

    private static async Task<IReadOnlyList<ModelView>> ViewsAsync(LabDb db, IReadOnlyList<ModelRow> models, CancellationToken cancellation)
    {
        var ids = models.Select(model => model.Id).ToList();
        var artifacts = (await db.Artifacts.AsNoTracking().Where(artifact => ids.Contains(artifact.StageHash)).OrderBy(artifact => artifact.Name).ToListAsync(cancellation)).ToLookup(artifact => artifact.StageHash);
        var aliases = (await db.Aliases.AsNoTracking().Where(alias => ids.Contains(alias.ModelId)).OrderBy(alias => alias.Alias).ToListAsync(cancellation)).ToLookup(alias => alias.ModelId);
        var scores = await ScoresAsync(db, models, cancellation);
        var bases = await BasesAsync(db, models, cancellation);
        return [.. models.Select(model => new ModelView
        {
            Id = model.Id,
            Name = model.Name,
            RunId = model.RunId,
            RecipeHash = model.RecipeHash,
            Seed = model.Seed,
            Task = model.Task,
            BaseModel = bases.GetValueOrDefault(model.RunId),
            Sparsity = model.Sparsity,
            CreatedAt = model.CreatedAt,
            Size = artifacts[model.Id].FirstOrDefault(artifact => artifact.Name == "model.safetensors")?.Size ?? 0,
            Artifacts = [.. artifacts[model.Id].Select(ArtifactView.Of)],
            Scores = [.. scores[model.Id]],
            Aliases = [.. aliases[model.Id].Select(alias => alias.Alias)],
        })];
    }

    /// <summary>The pre-trained models of the recipes that name one, by run.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> BasesAsync(LabDb db, IReadOnlyList<ModelRow> models, CancellationToken cancellation)
    {
        var runs = models.Select(model => model.RunId).Distinct().ToList();
        var recipes = await db.Runs.AsNoTracking().Where(run => runs.Contains(run.Id) && run.Model == PretrainedSpec.Kind).Select(run => new { run.Id, run.Recipe }).ToListAsync(cancellation);
        return recipes.ToDictionary(run => run.Id, run => JsonNode.Parse(run.Recipe)!["model"]!["name"]!.GetValue<string>());
    }

    /// <summary>A model shared by several runs was evaluated in any of them; the evaluating stage bears its stage's name.</summary>
    private static async Task<ILookup<string, ModelScore>> ScoresAsync(LabDb db, IReadOnlyList<ModelRow> models, CancellationToken cancellation)
    {
        var metricOf = await MetricsAsync(db, models, cancellation);
        var (ids, metrics) = (models.Select(model => model.Id).ToList(), metricOf.Values.Append(Accuracy).Distinct().ToList());
        var rows = from use in db.RunStages.AsNoTracking()
                   where ids.Contains(use.StageHash)
                   join stage in db.Stages on use.StageHash equals stage.Hash
                   join score in db.Scores on use.RunId equals score.RunId
                   where score.Stage == Evaluating + stage.Name && score.Slice == "all" && metrics.Contains(score.Metric)
                   select new { Model = use.StageHash, score.Dataset, score.DatasetSha256, score.Split, score.Metric, score.Value, score.N };
        // Sets outside the task need not have its metric.
        return (await rows.Distinct().ToListAsync(cancellation))
            .Where(row => row.Metric == Accuracy || row.Metric == metricOf[row.Model])
            .GroupBy(row => (row.Model, row.Dataset, row.DatasetSha256, row.Split))
            .SelectMany(set => set.Any(row => row.Metric == metricOf[row.Model]) ? set.Where(row => row.Metric == metricOf[row.Model]) : set)
            .OrderBy(row => row.Dataset, StringComparer.Ordinal).ThenBy(row => row.Split, StringComparer.Ordinal)
            .ToLookup(row => row.Model, row => new ModelScore(row.Dataset, row.DatasetSha256, row.Split, row.Metric, row.Value, row.N));
    }

    /// <summary>For each model the metric by which its task is reported.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> MetricsAsync(LabDb db, IReadOnlyList<ModelRow> models, CancellationToken cancellation)
    {
        var runs = models.Select(model => model.RunId).ToList();
        var recipes = await db.Runs.Where(run => runs.Contains(run.Id)).Select(run => new { run.Id, run.Recipe }).ToDictionaryAsync(run => run.Id, run => run.Recipe, cancellation);
        return models.ToDictionary(model => model.Id, model => recipes.GetValueOrDefault(model.RunId) is { } recipe ? MetricOf(recipe) : Accuracy);
    }

    private static string MetricOf(string recipe) => JsonNode.Parse(recipe)!["task"].Deserialize<TaskSpec>(LabJson.Options)?.ReportedMetric ?? Accuracy;
}
