using System.Globalization;
using System.Text;

namespace SparseRobust.Web.Predict;

/// <summary>README.md of an exported model, with the header that model hubs read. Every number with its set, split, n and seed.</summary>
internal static class ModelCard
{
    public static string Of(ModelView model)
    {
        var text = new StringBuilder();
        AddHeader(text, model);
        AddFacts(text, model);
        AddScores(text, model);
        return text.ToString();
    }

    private static void AddHeader(StringBuilder text, ModelView model)
    {
        text.Append("---\nlanguage: [en]\nlibrary_name: transformers\npipeline_tag: text-classification\n");
        if (model.BaseModel is { } name)
            text.Append(CultureInfo.InvariantCulture, $"base_model: {Quoted(name)}\n");
        text.Append(model.Sparsity is null ? "tags: [text-classification]\n" : "tags: [text-classification, pruning, sparse]\n");
        if (model.Scores.Count > 0)
            AddIndex(text, model);
        text.Append("---\n");
    }

    private static void AddIndex(StringBuilder text, ModelView model)
    {
        text.Append(CultureInfo.InvariantCulture, $"metrics: [{string.Join(", ", model.Scores.Select(score => HubName(score.Metric)).Distinct())}]\nmodel-index:\n- name: {Quoted(model.Name)}\n  results:\n");
        foreach (var score in model.Scores)
        {
            text.Append("  - task: {type: text-classification, name: Text Classification}\n");
            text.Append(CultureInfo.InvariantCulture, $"    dataset: {{type: {Quoted(score.Dataset)}, name: {Quoted(score.Dataset)}, split: {Quoted(score.Split)}, revision: {Quoted(score.DatasetSha256)}}}\n");
            text.Append(CultureInfo.InvariantCulture, $"    metrics: [{{type: {HubName(score.Metric)}, value: {score.Value:0.####}, name: \"{TitleOf(score.Metric)} (n = {score.N}, seed {model.Seed})\"}}]\n");
        }
    }

    private static void AddFacts(StringBuilder text, ModelView model)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n# {model.Name}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| model | {model.Id} |\n|---|---|\n| run | {model.RunId} |\n| recipe | {model.RecipeHash} |\n| seed | {model.Seed} |\n| task | {model.Task} |\n| started from | {model.BaseModel ?? "random weights"} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| encoder weights removed | {(model.Sparsity is { } sparsity ? sparsity.ToString("P1", CultureInfo.InvariantCulture) : "none (dense)")} |\n\n");
        text.Append("The tensors in model.safetensors are dense and hold the zeros, so any BERT loader reads them");
        text.Append(model.Artifacts.Any(artifact => artifact.Name == "masks.safetensors") ? "; masks.safetensors has one bit for each prunable weight, 1 for kept.\n" : ".\n");
    }

    private static void AddScores(StringBuilder text, ModelView model)
    {
        if (model.Scores.Count == 0)
        {
            text.Append("\nNo run has evaluated this model.\n");
            return;
        }
        text.Append("\n| dataset | split | metric | value | n | seed |\n|---|---|---|---|---|---|\n");
        foreach (var score in model.Scores)
            text.Append(CultureInfo.InvariantCulture, $"| {score.Dataset} | {score.Split} | {score.Metric} | {score.Value:0.0000} | {score.N} | {model.Seed} |\n");
        text.Append("\nOne seed says little about a method: compare means over seeds.\n");
    }

    /// <summary>What model hubs call a metric.</summary>
    private static string HubName(string metric) => metric switch
    {
        "matthews" => "matthews_correlation",
        "pearson" => "pearsonr",
        _ => metric,
    };

    private static string TitleOf(string metric) => $"{char.ToUpperInvariant(metric[0])}{metric[1..].Replace('_', ' ')}";

    // JSON's strings are YAML's too.
    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
