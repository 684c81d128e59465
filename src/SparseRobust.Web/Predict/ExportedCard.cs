using SparseRobust.Lab.Checkpoints;

namespace SparseRobust.Web.Predict;

/// <summary>The card of an exported model: what the database knows of it.</summary>
internal static class ExportedCard
{
    public static ModelCard Of(ModelView model) => new()
    {
        Name = model.Name,
        Task = model.Task,
        BaseModel = model.BaseModel,
        Sparsity = model.Sparsity,
        HasMasks = model.Artifacts.Any(artifact => artifact.Name == "masks.safetensors"),
        Origin = [("model", model.Id), ("run", model.RunId), ("recipe", model.RecipeHash), ("seed", $"{model.Seed}")],
        Results = [.. model.Scores.Select(score => new CardResult(score.Dataset, score.DatasetSha256, score.Split, HubName(score.Metric), score.Value, score.N, [model.Seed]))],
    };

    // What model hubs call a metric.
    private static string HubName(string metric) => metric switch
    {
        "matthews" => "matthews_correlation",
        "pearson" => "pearsonr",
        _ => metric,
    };
}
