using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Writes safetensors files. The same tensors and metadata give the same bytes, in whatever order they come. Thread-safe.</summary>
/// <remarks>Layout as the reference implementation's: wide types first, then by name (ordinal), header padded with spaces to a
/// multiple of 8 bytes, so that every tensor begins at a multiple of its element's size and can be mapped into memory.</remarks>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes the file will have; for <see cref="Runs.DurableFile.RequireFreeSpace"/>.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Write"/>.</exception>
    public static long SizeOf(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var layout = Layout(tensors);
        return sizeof(ulong) + Header(layout, metadata).Length + layout.Sum(BytesOf);
    }

    /// <summary>Writes a whole file; give it <see cref="Runs.DurableFile.Write(string, Action{Stream}, long)"/>'s stream.</summary>
    /// <param name="stream">Where to; only written to, never sought.</param>
    /// <param name="tensors">The tensors; may be none.</param>
    /// <param name="metadata">Strings about the file; readers of PyTorch want "format": "pt".</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or there twice; a type is unknown; a dimension is negative; a tensor wrote more or fewer bytes than its shape says.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var layout = Layout(tensors);
        var header = Header(layout, metadata);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in layout)
        {
            using var counted = new ExactStream(stream, tensor.Name, BytesOf(tensor));
            tensor.Write(counted);
            counted.RequireFull();
        }
    }

    private static List<SafetensorsTensor> Layout(IReadOnlyList<SafetensorsTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (tensor.Name is "" or SafetensorsHeader.MetadataKey) throw new ArgumentException($"'{tensor.Name}' cannot be a tensor's name", nameof(tensors));
            if (!names.Add(tensor.Name)) throw new ArgumentException($"tensor '{tensor.Name}' is there twice", nameof(tensors));
            if (SafetensorsType.BytesOf(tensor.DType, tensor.Shape) is null)
                throw new ArgumentException($"tensor '{tensor.Name}': {tensor.DType} [{string.Join(", ", tensor.Shape)}] is no type and shape of a file", nameof(tensors));
        }

        return [.. tensors.OrderBy(t => SafetensorsType.RankOf(t.DType)).ThenBy(t => t.Name, StringComparer.Ordinal)];
    }

    private static byte[] Header(List<SafetensorsTensor> layout, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var tensor in layout) WriteEntry(json, tensor, ref offset);
            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        return buffer.Length <= SafetensorsFile.LongestHeader
            ? buffer.ToArray()
            : throw new ArgumentException($"the header would have {buffer.Length} bytes; readers accept {SafetensorsFile.LongestHeader}", nameof(layout));
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsTensor tensor, ref long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.DType);
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape) json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        offset = checked(offset + BytesOf(tensor));
        json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static long BytesOf(SafetensorsTensor tensor) => SafetensorsType.BytesOf(tensor.DType, tensor.Shape)!.Value;
}
