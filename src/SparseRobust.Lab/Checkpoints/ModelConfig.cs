using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A model folder's config.json: the kind of the model as model_type, its settings, its vocabulary's size and its classes. Of a BERT or RoBERTa it is Hugging Face's; the other
/// kinds are known to this program only. Unknown members are ignored: other tools write many.</summary>
/// <param name="Spec">The model.</param>
/// <param name="VocabSize">Rows of the word table, at least 1.</param>
/// <param name="Labels">The classes.</param>
internal sealed record ModelConfig(ModelSpec Spec, int VocabSize, LabelSet Labels)
{
    // What files of Hugging Face's have that do not say what they are.
    private const string DefaultType = "bert";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static IReadOnlyList<JsonDerivedType> Kinds => [.. LabJson.Options.GetTypeInfo(typeof(ModelSpec)).PolymorphismOptions!.DerivedTypes];

    public static ModelConfig Of(TextClassifier model, LabelSet labels) => new(model.Spec, model.VocabularySize, labels);

    /// <param name="architecture">Name of the model's class.</param>
    public string ToJson(string architecture)
    {
        var config = new JsonObject
        {
            ["model_type"] = KindOf(Spec.GetType()),
            ["architectures"] = new JsonArray(architecture),
            ["vocab_size"] = VocabSize,
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(Spec, Spec.GetType(), LabJson.Options)!.AsObject())
            config[name] = value?.DeepClone();
        foreach (var (name, value) in Spec.Fixed)
            config[name] = value;
        config["id2label"] = new JsonObject(Labels.Names.Select((name, id) => KeyValuePair.Create(Key(id), (JsonNode?)name)));
        config["label2id"] = new JsonObject(Labels.Names.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id)));
        return config.ToJsonString(Indented);
    }

    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt when it is not JSON, or describes a model that cannot be built or computes something else.</exception>
    public static ModelConfig Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path}: not a model's config.json: {e.Message}", e);
        }
        catch (LabException e)
        {
            throw new LabException(e.Code, $"{path}: {e.Message}. Take the config.json that belongs to the model.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LabException(ProblemCode.ArtifactMissing, $"{path} is not there; a model folder needs config.json, model.safetensors and vocab.txt.", e);
        }
    }

    private static ModelConfig Parse(string text)
    {
        var config = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text) ?? throw Unfit("is null");
        var type = TypeOf(config);
        var spec = Settings(config, type);
        foreach (var (name, value) in spec.Fixed)
            if (config.TryGetValue(name, out var other) && other.Deserialize<string>() != value)
                throw Unfit($"{name} {other.GetRawText()} is not read here, only \"{value}\"");
        var words = config.TryGetValue("vocab_size", out var size) ? size.Deserialize<int>() : 0;
        return words <= spec.PadId ? throw Unfit($"vocab_size is {words}") : new ModelConfig(spec, words, LabelsOf(config));
    }

    private static Type TypeOf(Dictionary<string, JsonElement> config)
    {
        var kind = config.TryGetValue("model_type", out var given) ? given.Deserialize<string>() : DefaultType;
        return Kinds.FirstOrDefault(known => (string?)known.TypeDiscriminator == kind).DerivedType
            ?? throw Unfit($"model_type \"{kind}\" is not read here, only {string.Join(", ", Kinds.Select(known => $"\"{known.TypeDiscriminator}\""))}");
    }

    // A setting that is not there is no default: the weights were made with one, and only their maker knows which.
    private static ModelSpec Settings(Dictionary<string, JsonElement> config, Type type)
    {
        var settings = new JsonObject();
        foreach (var property in LabJson.Options.GetTypeInfo(type).Properties)
            settings[property.Name] = config.TryGetValue(property.Name, out var value) ? JsonSerializer.SerializeToNode(value) : throw Unfit($"{property.Name} is missing");
        var spec = (ModelSpec)settings.Deserialize(type, LabJson.Options)!;
        foreach (var property in type.GetProperties())
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(property.GetValue(spec)))
                throw Unfit($"{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)} is {property.GetValue(spec)}, not between {range.Minimum} and {range.Maximum}");
        return spec.Fault is { } fault ? throw Unfit($"{fault.Field} {fault.Problem.TrimEnd('.')}") : spec;
    }

    private static LabelSet LabelsOf(Dictionary<string, JsonElement> config)
    {
        var names = config.TryGetValue("id2label", out var given) ? given.Deserialize<Dictionary<string, string?>>() : null;
        if (names is null or { Count: 0 } || Enumerable.Range(0, names.Count).Any(id => names.GetValueOrDefault(Key(id)) is null))
            throw Unfit("id2label does not name the classes 0, 1, 2 and so on");
        var labels = new LabelSet([.. Enumerable.Range(0, names.Count).Select(id => names[Key(id)]!)]);
        return labels.Names.Distinct(StringComparer.Ordinal).Count() < labels.Count ? throw Unfit("id2label gives two classes the same name") : labels;
    }

    private static string KindOf(Type spec) => (string)Kinds.First(kind => kind.DerivedType == spec).TypeDiscriminator!;

    private static string Key(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static LabException Unfit(string problem) => new(ProblemCode.ArtifactCorrupt, problem);
}
