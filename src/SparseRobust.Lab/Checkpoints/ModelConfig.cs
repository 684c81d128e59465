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
/// kinds are known to this program only. Unknown members are ignored, for other tools write many, but for those that change what is computed (<see cref="HuggingFaceDefaults"/>).</summary>
/// <param name="Spec">The model.</param>
/// <param name="VocabSize">Rows of the word table, at least 1.</param>
/// <param name="Labels">The classes; empty for a model that has none, as one that was only pre-trained.</param>
internal sealed record ModelConfig(ArchitectureSpec Spec, int VocabSize, LabelSet Labels)
{
    // What files of Hugging Face's have that do not say what they are.
    private const string DefaultType = "bert";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Ten thousand named classes have 1 MB.
    private const long LargestFile = 16 << 20;

    // A LabelSet of so many names is no model's.
    private const int MostClasses = 65_536;

    private static IReadOnlyList<JsonDerivedType> Kinds =>
        [.. LabJson.Options.GetTypeInfo(typeof(ModelSpec)).PolymorphismOptions!.DerivedTypes.Where(kind => kind.DerivedType.IsSubclassOf(typeof(ArchitectureSpec)))];

    public static ModelConfig Of(TextClassifier model, LabelSet labels) => new(model.Spec, model.VocabularySize, labels);

    /// <summary>model_type of a model.</summary>
    public static string KindOf(ArchitectureSpec spec) => (string)Kinds.First(kind => kind.DerivedType == spec.GetType()).TypeDiscriminator!;

    /// <summary>A model's settings under the names of config.json.</summary>
    public static JsonObject SettingsOf(ArchitectureSpec spec) => JsonSerializer.SerializeToNode(spec, spec.GetType(), LabJson.Options)!.AsObject();

    /// <param name="architecture">Name of the model's class.</param>
    /// <param name="dtype">Type of the weights as PyTorch names it: float32.</param>
    public string ToJson(string architecture, string dtype)
    {
        var config = new JsonObject
        {
            ["model_type"] = KindOf(Spec),
            ["architectures"] = new JsonArray(architecture),
            ["torch_dtype"] = dtype,
            ["vocab_size"] = VocabSize,
        };
        foreach (var (name, value) in SettingsOf(Spec))
            config[name] = value?.DeepClone();
        foreach (var (name, value) in Spec.Fixed)
            config[name] = value;
        if (Labels.Count > 0)
        {
            config["problem_type"] = Labels.IsRegression ? "regression" : "single_label_classification";
            config["id2label"] = new JsonObject(Labels.Names.Select((name, id) => KeyValuePair.Create(Key(id), (JsonNode?)name)));
            config["label2id"] = new JsonObject(Labels.Names.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id)));
        }
        return config.ToJsonString(Indented);
    }

    /// <summary>Whether a config.json names classes.</summary>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt when it is not JSON.</exception>
    public static bool NamesClasses(string path) => LabJson.Read<JsonObject>(path).ContainsKey("id2label");

    /// <param name="path">The file.</param>
    /// <param name="needsLabels">Whether the classes must be named. A body is used without them: what names none has LABEL_0, LABEL_1 and so on, num_labels of them, 2 if that is not there, as in
    /// Hugging Face's library.</param>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt when it is not JSON, or describes a model that cannot be built or computes something else.</exception>
    public static ModelConfig Read(string path, bool needsLabels = true)
    {
        try
        {
            return new FileInfo(path).Length is > LargestFile and var length
                ? throw Unfit($"has {length} bytes, where at most {LargestFile} belong")
                : Parse(File.ReadAllText(path), needsLabels);
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
            throw new LabException(ProblemCode.ArtifactMissing, $"{path} is not there; a model folder needs config.json, its weights (model.safetensors or pytorch_model.bin) and vocab.txt.", e);
        }
    }

    private static ModelConfig Parse(string text, bool needsLabels)
    {
        var config = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text) ?? throw Unfit("is null");
        if (HuggingFaceDefaults.Refused(config) is { } refused)
            throw Unfit(refused);
        var (kind, type) = TypeOf(config);
        var defaults = HuggingFaceDefaults.Of(kind);
        var spec = Settings(config, type, defaults?.Spec);
        foreach (var (name, value) in spec.Fixed)
            if (config.TryGetValue(name, out var other) && other.Deserialize<string>() != value)
                throw Unfit($"{name} {other.GetRawText()} is not read here, only \"{value}\"");
        var words = config.TryGetValue("vocab_size", out var size) ? size.Deserialize<int>() : defaults?.VocabSize ?? 0;
        return words <= spec.PadId ? throw Unfit($"vocab_size is {words}") : new ModelConfig(spec, words, needsLabels || config.ContainsKey("id2label") ? LabelsOf(config) : UnnamedLabels(config));
    }

    private static (string Kind, Type Type) TypeOf(Dictionary<string, JsonElement> config)
    {
        var kind = config.TryGetValue("model_type", out var given) ? given.Deserialize<string>() : DefaultType;
        return Kinds.FirstOrDefault(known => (string?)known.TypeDiscriminator == kind).DerivedType is { } type
            ? (kind!, type)
            : throw Unfit($"model_type \"{kind}\" is not read here, only {string.Join(", ", Kinds.Select(known => $"\"{known.TypeDiscriminator}\""))}");
    }

    // A setting that is not there is our default for none: the weights were made with one, and only their maker knows which.
    private static ArchitectureSpec Settings(Dictionary<string, JsonElement> config, Type type, ArchitectureSpec? defaults)
    {
        var settings = defaults is null ? [] : SettingsOf(defaults);
        foreach (var property in LabJson.Options.GetTypeInfo(type).Properties)
            if (config.TryGetValue(property.Name, out var value))
                settings[property.Name] = JsonSerializer.SerializeToNode(value);
            else if (!settings.ContainsKey(property.Name))
                throw Unfit($"{property.Name} is missing");
        var spec = (ArchitectureSpec)settings.Deserialize(type, LabJson.Options)!;
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

    private static LabelSet UnnamedLabels(Dictionary<string, JsonElement> config)
    {
        var count = config.TryGetValue("num_labels", out var given) ? given.Deserialize<int>() : HuggingFaceDefaults.Classes;
        return count is < 1 or > MostClasses ? throw Unfit($"num_labels is {count}") : new LabelSet([.. Enumerable.Range(0, count).Select(id => $"LABEL_{Key(id)}")]);
    }

    private static string Key(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static LabException Unfit(string problem) => new(ProblemCode.ArtifactCorrupt, problem);
}
