using System.Globalization;
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

    public static BertConfig Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BertConfig>(File.ReadAllText(path), Options)
                ?? throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: is null.");
        }
        catch (JsonException e)
        {
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: not a model's config.json: {e.Message}", e);
        }
        catch (FileNotFoundException e)
        {
            throw new LabException(ProblemCode.ArtifactMissing, $"{path} is not there; a model folder needs config.json, model.safetensors and vocab.txt.", e);
        }
    }
}
