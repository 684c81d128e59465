using System.Text.Json;
using System.Text.Unicode;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Understands the JSON header of a safetensors file and believes none of it unchecked.</summary>
/// <remarks>Format: 8 bytes header length (little-endian), header, data. Tensors must fill the data without holes or overlaps,
/// as the reference implementation demands.</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The key that holds strings about the file rather than a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    // Names, shapes: tensor entries are two objects deep. Deeper is not this format.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _dataLength;

    private SafetensorsHeader(string path, long dataStart, long dataLength)
    {
        _path = path;
        _dataStart = dataStart;
        _dataLength = dataLength;
    }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; private set; } = [];

    /// <summary>The file's own strings.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>Parses and checks a header.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataStart">Where the data begins in the file.</param>
    /// <param name="dataLength">Bytes from there to the file's end.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>, naming the file, the tensor, what was expected and what was found.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataStart, long dataLength)
    {
        var header = new SafetensorsHeader(path, dataStart, dataLength);
        if (!Utf8.IsValid(json.Span)) throw Fault(path, null, "a header in UTF-8", "other bytes");
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            header.Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name or string with half a surrogate pair.
            throw Fault(path, null, "a header of valid JSON without duplicate names", exception.Message, exception);
        }

        header.RequireGapless();
        return header;
    }

    /// <summary>The failure for a damaged file.</summary>
    public static LabException Fault(string path, string? tensor, string expected, string found, Exception? inner = null) => new(
        ProblemCode.ArtifactCorrupt,
        $"'{path}'{(tensor is null ? "" : $", tensor '{Shorten(tensor)}'")}: expected {expected}, found {Shorten(found)}. The file is damaged or not a safetensors file; fetch or make it again.",
        inner);

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "...";

    private void Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Fault(_path, null, "a JSON object as header", root.ValueKind.ToString());
        var entries = new List<SafetensorsEntry>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey)) Metadata = ReadMetadata(property.Value);
            else entries.Add(ReadEntry(property.Name, property.Value));
        }

        // Empty tensors share an offset with their successor; length puts them first, the name makes the order total.
        Entries = [.. entries.OrderBy(e => e.Offset).ThenBy(e => e.Length).ThenBy(e => e.Name, StringComparer.Ordinal)];
    }

    private Dictionary<string, string> ReadMetadata(JsonElement element)
    {
        RequireKind(MetadataKey, "metadata", element, JsonValueKind.Object);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            RequireKind(MetadataKey, property.Name, property.Value, JsonValueKind.String);
            metadata.Add(property.Name, property.Value.GetString()!);
        }

        return metadata;
    }

    private SafetensorsEntry ReadEntry(string name, JsonElement element)
    {
        RequireKind(name, "the tensor", element, JsonValueKind.Object);
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is not ("dtype" or "shape" or "data_offsets"))
                throw Fault(_path, name, "the fields dtype, shape and data_offsets", $"'{property.Name}'");
        }

        var dtype = Field(name, element, "dtype", JsonValueKind.String).GetString()!;
        var shape = Integers(name, element, "shape");
        var offsets = Integers(name, element, "data_offsets");
        if (SafetensorsType.SizeOf(dtype) == 0) throw Fault(_path, name, $"a dtype among {SafetensorsType.Names}", $"'{dtype}'");
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > _dataLength)
            throw Fault(_path, name, $"data_offsets [begin, end] with 0 <= begin <= end <= {_dataLength}", Show(offsets));
        var length = offsets[1] - offsets[0];
        if (SafetensorsType.BytesOf(dtype, shape) is not { } due) throw Fault(_path, name, "dimensions >= 0 whose bytes fit 63 bits", Show(shape));
        if (due != length) throw Fault(_path, name, $"{due} bytes for {dtype} {Show(shape)}", $"{length}, data_offsets {Show(offsets)}");
        return new SafetensorsEntry(name, dtype, shape, _dataStart + offsets[0], length);
    }

    private long[] Integers(string tensor, JsonElement element, string field)
    {
        var array = Field(tensor, element, field, JsonValueKind.Array);
        var numbers = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i++]))
                throw Fault(_path, tensor, $"whole numbers of 63 bits in {field}", item.GetRawText());
        }

        return numbers;
    }

    private JsonElement Field(string tensor, JsonElement element, string field, JsonValueKind kind)
    {
        if (!element.TryGetProperty(field, out var value)) throw Fault(_path, tensor, $"a field {field}", "none");
        RequireKind(tensor, field, value, kind);
        return value;
    }

    private void RequireKind(string tensor, string field, JsonElement value, JsonValueKind kind)
    {
        if (value.ValueKind != kind) throw Fault(_path, tensor, $"{field} to be a JSON {kind}", value.ValueKind.ToString());
    }

    private void RequireGapless()
    {
        var due = _dataStart;
        foreach (var entry in Entries)
        {
            if (entry.Offset != due)
            {
                throw Fault(_path, entry.Name, $"data to begin at byte {due - _dataStart}, where the tensor before it ends",
                    $"{entry.Offset - _dataStart}: {(entry.Offset < due ? "tensors overlap" : "there is a hole")}");
            }

            due = entry.Offset + entry.Length;
        }

        if (due != _dataStart + _dataLength)
            throw Fault(_path, null, $"{due - _dataStart} bytes of data as the header says", $"{_dataLength}");
    }

    private static string Show(long[] numbers) => $"[{string.Join(", ", numbers.Take(16))}{(numbers.Length > 16 ? ", ..." : "")}]";
}
