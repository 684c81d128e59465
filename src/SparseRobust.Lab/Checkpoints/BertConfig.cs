using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Hugging Face's config.json of a BERT classifier. Unknown members are ignored: other tools write many.</summary>
internal sealed record BertConfig
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public string ModelType { get; init; } = "bert";

    public IReadOnlyList<string> Architectures { get; init; } = ["BertForSequenceClassification"];

    public int VocabSize { get; init; }

    public int NumHiddenLayers { get; init; }

    public int HiddenSize { get; init; }

    public int NumAttentionHeads { get; init; }

    public int IntermediateSize { get; init; }

    public int MaxPositionEmbeddings { get; init; }

    public int TypeVocabSize { get; init; }

    public double HiddenDropoutProb { get; init; }

    public double AttentionProbsDropoutProb { get; init; }

    public double InitializerRange { get; init; }

    public double LayerNormEps { get; init; }

    public string HiddenAct { get; init; } = "gelu";

    [JsonPropertyName("id2label")]
    public IReadOnlyDictionary<string, string> LabelNames { get; init; } = new Dictionary<string, string>();

    [JsonPropertyName("label2id")]
    public IReadOnlyDictionary<string, int> LabelIds { get; init; } = new Dictionary<string, int>();

    [JsonIgnore]
    public LabelSet Labels => new([.. Enumerable.Range(0, LabelNames.Count).Select(id => LabelNames[id.ToString(CultureInfo.InvariantCulture)])]);

    [JsonIgnore]
    public BertSpec Spec => new()
    {
        NumHiddenLayers = NumHiddenLayers,
        HiddenSize = HiddenSize,
        NumAttentionHeads = NumAttentionHeads,
        IntermediateSize = IntermediateSize,
        MaxPositionEmbeddings = MaxPositionEmbeddings,
        TypeVocabSize = TypeVocabSize,
        HiddenDropoutProb = HiddenDropoutProb,
        AttentionProbsDropoutProb = AttentionProbsDropoutProb,
        InitializerRange = InitializerRange,
        LayerNormEps = LayerNormEps,
    };

    public static BertConfig Of(BertForSequenceClassification model, LabelSet labels) => new()
    {
        VocabSize = model.VocabularySize,
        NumHiddenLayers = model.Spec.NumHiddenLayers,
        HiddenSize = model.Spec.HiddenSize,
        NumAttentionHeads = model.Spec.NumAttentionHeads,
        IntermediateSize = model.Spec.IntermediateSize,
        MaxPositionEmbeddings = model.Spec.MaxPositionEmbeddings,
        TypeVocabSize = model.Spec.TypeVocabSize,
        HiddenDropoutProb = model.Spec.HiddenDropoutProb,
        AttentionProbsDropoutProb = model.Spec.AttentionProbsDropoutProb,
        InitializerRange = model.Spec.InitializerRange,
        LayerNormEps = model.Spec.LayerNormEps,
        LabelNames = labels.Names.Select((name, id) => (name, id)).ToDictionary(pair => pair.id.ToString(CultureInfo.InvariantCulture), pair => pair.name),
        LabelIds = labels.Names.Select((name, id) => (name, id)).ToDictionary(pair => pair.name, pair => pair.id),
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt when it is not JSON, or describes a model that cannot be built or computes something else.</exception>
    public static BertConfig Read(string path)
    {
        try
        {
            var config = JsonSerializer.Deserialize<BertConfig>(File.ReadAllText(path), Options);
            var fault = config is null ? "is null" : config.Fault();
            return fault is null ? config! : throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: {fault}. Take the config.json that belongs to the model.");
        }
        catch (JsonException e)
        {
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: not a model's config.json: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LabException(ProblemCode.ArtifactMissing, $"{path} is not there; a model folder needs config.json, model.safetensors and vocab.txt.", e);
        }
    }

    // Other activations and other architectures share the names of their tensors with BERT, so only this says that they compute something else.
    private string? Fault()
    {
        if (ModelType != "bert" || HiddenAct != "gelu")
            return $"model_type \"{ModelType}\" with hidden_act \"{HiddenAct}\" is not read here, only \"bert\" with \"gelu\"";
        if (VocabSize < 1)
            return $"vocab_size is {VocabSize}";
        if (LabelNames is null or { Count: 0 } || Enumerable.Range(0, LabelNames.Count).Any(id => LabelNames.GetValueOrDefault(id.ToString(CultureInfo.InvariantCulture)) is null))
            return "id2label does not name the classes 0, 1, 2 and so on";
        if (LabelNames.Values.Distinct(StringComparer.Ordinal).Count() < LabelNames.Count)
            return "id2label gives two classes the same name";
        foreach (var property in typeof(BertSpec).GetProperties())
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(property.GetValue(Spec)))
                return $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)} is {property.GetValue(Spec)}, not between {range.Minimum} and {range.Maximum}";
        return HiddenSize % NumAttentionHeads == 0 ? null : $"hidden_size {HiddenSize} is not a multiple of num_attention_heads {NumAttentionHeads}";
    }
}
