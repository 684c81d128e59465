using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>README.md of a model folder: what the model is and how well it does, for people, below the YAML header that model hubs read. Thread-safe.</summary>
/// <remarks>Source: Hugging Face's model cards (hub-docs, modelcard.md): model-index needs a task's type, a dataset's type and name, and a metric's type and value. A dataset's revision is the
/// SHA-256 of the rows that were read, which no hub knows. The same card gives the same bytes.</remarks>
public sealed record ModelCard
{
    /// <summary>The file's name.</summary>
    public const string FileName = "README.md";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The licence, by the hub's identifier: apache-2.0, mit, ...; "unknown" (default) while nobody has chosen one.</summary>
    public string License { get; init; } = "unknown";

    /// <summary>Languages of the training data, ISO 639-1. Default: en.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];

    /// <summary>The library that loads the model. Default: transformers.</summary>
    public string LibraryName { get; init; } = "transformers";

    /// <summary>The pre-trained model it started from, or null for none.</summary>
    public string? BaseModel { get; init; }

    /// <summary>The hub's name of what the model does. Default: text-classification.</summary>
    public string Pipeline { get; init; } = "text-classification";

    /// <summary>What it does, for people: the task's name.</summary>
    public required string Task { get; init; }

    /// <summary>Share of the encoder's weights that were removed, in [0, 1]; null for a dense model.</summary>
    public double? Sparsity { get; init; }

    /// <summary>Whether the folder holds masks.safetensors.</summary>
    public bool HasMasks { get; init; }

    /// <summary>What else is told about where it comes from, in this order: run, recipe, seed.</summary>
    public IReadOnlyList<(string Name, string Value)> Origin { get; init; } = [];

    /// <summary>Results on whole sets; empty while nobody has evaluated it.</summary>
    public IReadOnlyList<CardResult> Results { get; init; } = [];

    /// <summary>Writes README.md into a model's folder.</summary>
    public void Save(string folder) => DurableFile.Write(Path.Combine(folder, FileName), ToMarkdown());

    /// <summary>The file's text.</summary>
    /// <exception cref="ArgumentException">A result has no rows, no seed or no number.</exception>
    public string ToMarkdown()
    {
        if (Results.FirstOrDefault(result => result.N < 1 || result.Seeds.Count < 1 || !double.IsFinite(result.Value)) is { } wrong)
            throw new ArgumentException($"{wrong} is no result to publish: it needs rows, a seed and a number.");
        var text = new StringBuilder("---\n");
        AddHeader(text);
        AddIndex(text);
        text.Append("---\n");
        AddFacts(text);
        AddResults(text);
        return text.ToString();
    }

    private void AddHeader(StringBuilder text)
    {
        string[] tags = Sparsity is null ? [Pipeline] : [Pipeline, "pruning", "sparse"];
        text.Append(CultureInfo.InvariantCulture, $"language: {List(Languages)}\nlicense: {Quoted(License)}\nlibrary_name: {Quoted(LibraryName)}\n");
        if (BaseModel is not null)
            text.Append(CultureInfo.InvariantCulture, $"base_model: {Quoted(BaseModel)}\n");
        text.Append(CultureInfo.InvariantCulture, $"pipeline_tag: {Quoted(Pipeline)}\ntags: {List(tags)}\n");
    }

    private void AddIndex(StringBuilder text)
    {
        if (Results.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"datasets: {List(Results.Select(result => result.Dataset))}\nmetrics: {List(Results.Select(result => result.Metric))}\n");
        text.Append(CultureInfo.InvariantCulture, $"model-index:\n- name: {Quoted(Name)}\n  results:\n");
        foreach (var result in Results)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - task: {{type: {Quoted(Pipeline)}, name: {Quoted(Task)}}}\n");
            text.Append(CultureInfo.InvariantCulture, $"    dataset: {{type: {Quoted(result.Dataset)}, name: {Quoted(result.Dataset)}, split: {Quoted(result.Split)}, revision: {Quoted(result.Revision)}}}\n");
            text.Append(CultureInfo.InvariantCulture, $"    metrics: [{{type: {Quoted(result.Metric)}, value: {Number(result.Value)}, name: {Quoted($"{result.Metric} (n = {result.N}, {SeedsOf(result)})")}}}]\n");
        }
    }

    private void AddFacts(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n# {Cell(Name)}\n\n| what | this model |\n|---|---|\n| task | {Cell(Task)} |\n");
        foreach (var (name, value) in Origin)
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {Cell(value)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| encoder weights removed | {(Sparsity is { } sparsity ? sparsity.ToString("P1", CultureInfo.InvariantCulture) : "none (dense)")} |\n\n");
        text.Append("The tensors are dense and hold the zeros, so any loader of the architecture reads them");
        text.Append(HasMasks ? "; masks.safetensors has one bit for each prunable weight, 1 for kept.\n" : ".\n");
    }

    private void AddResults(StringBuilder text)
    {
        if (Results.Count == 0)
        {
            text.Append("\nNo run has evaluated this model.\n");
            return;
        }
        text.Append("\n| dataset | split | metric | value | n | seeds |\n|---|---|---|---|---|---|\n");
        foreach (var result in Results)
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(result.Dataset)} | {Cell(result.Split)} | {Cell(result.Metric)} | {Number(result.Value)} | {result.N} | {string.Join(", ", result.Seeds)} |\n");
        if (Results.Any(result => result.Seeds.Count == 1))
            text.Append("\nOne seed says little about a method: compare means over seeds.\n");
    }

    private static string SeedsOf(CardResult result) => result.Seeds.Count == 1 ? $"seed {result.Seeds[0]}" : $"mean of {result.Seeds.Count} seeds";

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Distinct(StringComparer.Ordinal).Select(Quoted))}]";

    // JSON's strings are YAML's too.
    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    // A line break or a bar would end the cell.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
