using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Predict;

/// <summary>A model with what is known of it.</summary>
/// <param name="Row">The model.</param>
/// <param name="Aliases">Names that point to it.</param>
/// <param name="Bytes">Size of its stage's files.</param>
/// <param name="Scores">Accuracies over whole sets, in distribution first.</param>
internal sealed record ListedModel(ModelRow Row, IReadOnlyList<string> Aliases, long Bytes, IReadOnlyList<ScoreRow> Scores)
{
    public bool IsDefault => Aliases.Contains(AliasRow.Default);

    public IReadOnlyList<ScoreRow> InDistribution => Of("in");

    public IReadOnlyList<ScoreRow> OutOfDistribution => Of("out");

    private IReadOnlyList<ScoreRow> Of(string distribution) => [.. Scores.Where(score => AccuracyCurve.DistributionOf(score.Split) == distribution)];
}

/// <summary>Reads models for people to choose from, and moves the alias "default".</summary>
internal sealed class ModelBoard(IDbContextFactory<LabDb> databases, TimeProvider time)
{
    private const int Most = 500;

    /// <summary>The default first, then the newest.</summary>
    public async Task<IReadOnlyList<ListedModel>> ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var models = await db.Models.AsNoTracking().OrderByDescending(model => model.CreatedAt).ThenBy(model => model.Id).Take(Most).ToListAsync(cancellation);
        var ids = models.ConvertAll(model => model.Id);
        var aliases = (await db.Aliases.AsNoTracking().OrderBy(alias => alias.Alias).ToListAsync(cancellation)).ToLookup(alias => alias.ModelId, alias => alias.Alias);
        var sizes = await db.Artifacts.Where(file => ids.Contains(file.StageHash) && file.Name == "model.safetensors").ToDictionaryAsync(file => file.StageHash, file => file.Size, cancellation);
        var scores = await ScoresAsync(db, [.. models.Select(model => model.RunId).Distinct()], cancellation);
        var cards = models.Select(model => new ListedModel(model, [.. aliases[model.Id]], sizes.GetValueOrDefault(model.Id), [.. scores[model.Id].OrderBy(score => AccuracyCurve.DistributionOf(score.Split), StringComparer.Ordinal).ThenBy(score => score.Id)]));
        return [.. cards.OrderByDescending(card => card.IsDefault)];
    }

    /// <summary>False when there is no such model.</summary>
    public async Task<bool> MakeDefaultAsync(string modelId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await db.Models.AnyAsync(model => model.Id == modelId, cancellation))
            return false;
        var now = time.GetUtcNow();
        await db.Database.ExecuteSqlAsync($"insert into aliases (alias, model_id, changed_at) values ({AliasRow.Default}, {modelId}, {now}) on conflict (alias) do update set model_id = {modelId}, changed_at = {now}", cancellation);
        return true;
    }

    // A stage's model is judged by the evaluation that comes next in its run.
    private static async Task<ILookup<string, ScoreRow>> ScoresAsync(LabDb db, List<string> runIds, CancellationToken cancellation)
    {
        var stages = await db.RunStages.AsNoTracking().Where(stage => runIds.Contains(stage.RunId)).OrderBy(stage => stage.Ordinal).ToListAsync(cancellation);
        var names = await db.Stages.AsNoTracking().Where(stage => db.RunStages.Any(use => runIds.Contains(use.RunId) && use.StageHash == stage.Hash)).ToDictionaryAsync(stage => stage.Hash, stage => stage.Name, cancellation);
        var scores = await db.Scores.AsNoTracking().Where(score => runIds.Contains(score.RunId) && score.Slice == "all" && score.Metric == "accuracy").ToListAsync(cancellation);
        var judged = from stage in stages
                     from score in scores
                     where score.RunId == stage.RunId && score.Stage == $"evaluate {names[stage.StageHash]}"
                     select (stage.StageHash, score);
        return judged.DistinctBy(each => (each.StageHash, each.score.Dataset, each.score.Split)).ToLookup(each => each.StageHash, each => each.score);
    }
}
