using System.Text;
using System.Text.Json;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>The index of weights that lie in several files: {"metadata": {...}, "weight_map": {tensor: file}}.</summary>
/// <remarks>Source: Hugging Face's model.safetensors.index.json and pytorch_model.bin.index.json. A file must lie in the index's own folder, whatever the index says.</remarks>
internal static class ShardIndex
{
    // BERT-large's has 40 kB.
    private const long LargestIndex = 16 << 20;

    // Of a file's name, in bytes, on every file system that is in use.
    private const int LongestName = 255;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The file name of each tensor's file.</summary>
    /// <param name="path">The index.</param>
    /// <param name="ending">What the files' names end in: ".safetensors".</param>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, string ending)
    {
        var bytes = Bytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return Map(path, document.RootElement, ending);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair.
            throw Corrupt(path, e.Message, e);
        }
    }

    private static Dictionary<string, string> Map(string path, JsonElement root, string ending)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw Corrupt(path, "it has no weight_map");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw Corrupt(path, $"\"{entry.Name}\" has no file name");
            files.Add(entry.Name, IsPlain(file, ending) ? file : throw Corrupt(path, $"\"{entry.Name}\" lies in \"{file}\", which is no name of a {ending} file in this folder"));
        }
        return files;
    }

    private static byte[] Bytes(string path)
    {
        using var file = FileRange.Open(path);
        var length = RandomAccess.GetLength(file);
        if (length > LargestIndex)
            throw Corrupt(path, $"it has {length} bytes, where at most {LargestIndex} belong");
        var bytes = new byte[length];
        return FileRange.TryFill(file, bytes, 0) ? bytes : throw Corrupt(path, "it was cut while it was read");
    }

    private static bool IsPlain(string file, string ending) =>
        file.EndsWith(ending, StringComparison.Ordinal) && file.Length > ending.Length && Encoding.UTF8.GetByteCount(file) <= LongestName && file[0] != '.' && !file.Any(c => c is '/' or '\\' or ':' || char.IsControl(c));

    private static LabException Corrupt(string path, string problem, Exception? inner = null) =>
        new(ProblemCode.ArtifactCorrupt, $"{path} is no index of a model's weights: {problem}. Fetch the model's files again.", inner);
}
