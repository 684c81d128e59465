using System.Runtime.InteropServices;
using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Evaluation;

/// <summary>The outputs of a model on every set it was evaluated on, in one safetensors file: any program that reads the format can work with them.</summary>
/// <remarks>Per set, tensors NAME/SPLIT/logits (F32, [rows, classes of the model]) and NAME/SPLIT/gold (F32, [rows]: label ids, or the targets of a regression); the
/// metadata key "sets" says in JSON which classes and which dataset. 16 bytes a row with three classes.</remarks>
public static class PredictionsFile
{
    /// <summary>Its name in the folder of an evaluation.</summary>
    public const string Name = "predictions.safetensors";

    private const string SetsKey = "sets";

    /// <summary>Writes the file; durable, and never half-written.</summary>
    public static void Save(string path, IReadOnlyList<SetPredictions> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        List<SafetensorsTensor> tensors = [.. sets.SelectMany(set => new[]
        {
            SafetensorsTensor.Of($"{set.Dataset}/{set.Split}/logits", "F32", [set.Count, set.Outputs.Classes], Bytes(set.Outputs.Logits)),
            SafetensorsTensor.Of($"{set.Dataset}/{set.Split}/gold", "F32", [set.Count], Bytes([.. set.Gold])),
        })];
        var entries = sets.Select(set => new Entry(set.Dataset, set.Split, set.Sha256, set.ModelLabels.Names, set.DatasetLabels.Names, set.ModelToDataset));
        var metadata = new Dictionary<string, string> { [SetsKey] = JsonSerializer.Serialize(entries, LabJson.Options) };
        DurableFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata), SafetensorsWriter.SizeOf(tensors, metadata));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="LabException">ArtifactMissing: no such file. ArtifactCorrupt: it is not what <see cref="Save"/> writes.</exception>
    public static IReadOnlyList<SetPredictions> Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return [.. Entries(path, file).Select(entry => Read(path, file, entry))];
    }

    private static List<Entry> Entries(string path, SafetensorsFile file)
    {
        try
        {
            if (file.Metadata.TryGetValue(SetsKey, out var json) && JsonSerializer.Deserialize<List<Entry>>(json, LabJson.Options) is { } entries)
                return entries;
        }
        catch (JsonException)
        {
            // Told below, as for a file without the key.
        }
        throw Corrupt(path, $"its metadata does not say which sets it is of (key \"{SetsKey}\")");
    }

    private static SetPredictions Read(string path, SafetensorsFile file, Entry entry)
    {
        var name = $"{entry.Dataset}/{entry.Split}";
        var (logits, gold) = (Floats(path, file, $"{name}/logits"), Floats(path, file, $"{name}/gold"));
        var (classes, labels) = (entry.ModelLabels.Count, entry.DatasetLabels.Count);
        if (classes == 0 || labels == 0 || logits.Length != (long)gold.Length * classes)
            throw Corrupt(path, $"{name} has {logits.Length} logits for {gold.Length} rows and {classes} classes");
        if (entry.ModelToDataset.Count != classes || entry.ModelToDataset.Any(label => label < -1 || label >= labels))
            throw Corrupt(path, $"{name} maps the model's classes to {string.Join(", ", entry.ModelToDataset)}, which are neither ids of {labels} labels nor -1");
        if (labels > 1 && gold.Any(label => label != (int)label || label < 0 || label >= labels))
            throw Corrupt(path, $"{name} has a gold label that is no id of {string.Join(", ", entry.DatasetLabels)}");
        return new SetPredictions(
            entry.Dataset, entry.Split, entry.Sha256, new LabelSet(entry.ModelLabels), new LabelSet(entry.DatasetLabels), entry.ModelToDataset, new Predictions(logits, classes), gold);
    }

    private static float[] Floats(string path, SafetensorsFile file, string name)
    {
        var tensor = file[name];
        if (tensor.DType != "F32" || tensor.Length > Array.MaxLength)
            throw Corrupt(path, $"\"{name}\" is {tensor.DType} of {tensor.Length} bytes, not F32 of at most {Array.MaxLength}");
        var values = new float[tensor.Length / sizeof(float)];
        file.Read(name, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static LabException Corrupt(string path, string what) => new(ProblemCode.ArtifactCorrupt, $"{path}: {what}. Evaluate the model again.");

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private sealed record Entry(
        string Dataset, string Split, string Sha256, IReadOnlyList<string> ModelLabels, IReadOnlyList<string> DatasetLabels, IReadOnlyList<int> ModelToDataset);
}
