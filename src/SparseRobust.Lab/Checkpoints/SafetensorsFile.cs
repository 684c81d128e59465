using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A safetensors file opened for reading: names and shapes at once, a tensor's bytes on demand. Reads are thread-safe.</summary>
/// <remarks>Everything in the header is checked against the file's size before anything is allocated for a tensor. Bytes are little-endian, row-major.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>The longest header accepted, as in the reference implementation.</summary>
    public const int LongestHeader = 100_000_000;

    private const int PrefixLength = sizeof(ulong);

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle file, SafetensorsHeader header)
    {
        _path = path;
        _file = file;
        _byName = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        Entries = header.Entries;
        Metadata = header.Metadata;
    }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The file's own strings, such as "format": "pt"; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactMissing"/>: no such file, or it may not be read.
    /// <see cref="ProblemCode.ArtifactCorrupt"/>: the message names the file, the tensor, what was expected and what was found.</exception>
    public static SafetensorsFile Open(string path)
    {
        var fullPath = Path.GetFullPath(path);
        var file = FileRange.Open(fullPath);
        try
        {
            return new SafetensorsFile(fullPath, file, ReadHeader(fullPath, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: the file has none.</exception>
    public SafetensorsEntry this[string name] => _byName.TryGetValue(name, out var entry)
        ? entry
        : throw new LabException(ProblemCode.ArtifactCorrupt, $"'{_path}' has no tensor '{name}' among its {_byName.Count}. It belongs to another model; name the right file.");

    /// <summary>Reads a whole tensor.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">Exactly as long as the tensor (<see cref="SafetensorsEntry.Length"/>).</param>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: no such tensor, or the file has shrunk since it was opened.</exception>
    public void Read(string name, Span<byte> destination)
    {
        var entry = this[name];
        if (destination.Length != entry.Length)
            throw new ArgumentException($"tensor '{name}' has {entry.Length} bytes, the destination {destination.Length}", nameof(destination));
        Read(entry, 0, destination);
    }

    /// <summary>Reads a part of a tensor; for tensors above 2 GiB, or to convert piece by piece.</summary>
    /// <param name="entry">A tensor of this file.</param>
    /// <param name="start">First byte, counted from the tensor's first.</param>
    /// <param name="destination">Filled whole; must not reach past the tensor's end.</param>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: the file has shrunk since it was opened.</exception>
    public void Read(SafetensorsEntry entry, long start, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, entry.Length - start);
        if (!FileRange.TryFill(_file, destination, entry.Offset + start))
            throw SafetensorsHeader.Fault(_path, entry.Name, $"{entry.Length} bytes from byte {entry.Offset} on", "the end of the file: it was cut after it was opened");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        if (size < PrefixLength || !FileRange.TryFill(file, prefix, 0))
            throw SafetensorsHeader.Fault(path, null, $"at least {PrefixLength} bytes", $"{size}");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var longest = Math.Min(LongestHeader, size - PrefixLength);
        if (length > (ulong)longest)
            throw SafetensorsHeader.Fault(path, null, $"a header of at most {longest} bytes", $"{length}");
        var json = new byte[(int)length];
        if (!FileRange.TryFill(file, json, PrefixLength)) throw SafetensorsHeader.Fault(path, null, $"a header of {length} bytes", "the end of the file");
        return SafetensorsHeader.Parse(path, json, PrefixLength + json.Length, size - PrefixLength - json.Length);
    }
}
