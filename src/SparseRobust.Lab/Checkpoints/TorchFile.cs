using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>A state dict that PyTorch saved (pytorch_model.bin): a zip archive since PyTorch 1.6, pickles one behind the other before. Nothing in it is executed.</summary>
/// <remarks>Source: torch/serialization.py, the functions _save and _legacy_save. Only the pickle is read on opening, and everything it says of a tensor is checked against where the numbers
/// lie; these are read in place, tensor by tensor, so shared storages cost nothing and the file is never in memory as a whole.</remarks>
internal sealed class TorchFile : WeightsFile
{
    // 150 bytes describe a tensor; BERT-large has 400 of them.
    private const int LargestPickle = 2 << 20;
    private const long LegacyProtocol = 1001;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, PickledTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, long Length)> _storages = new(StringComparer.Ordinal);
    private bool _isBigEndian;

    private TorchFile(string path) => (_path, _file) = (path, FileRange.Open(path));

    public override IReadOnlyCollection<StoredTensor> Tensors => [.. _tensors.Select(entry => new StoredTensor(entry.Key, entry.Value.Storage.DType, entry.Value.Shape))];

    // What pickle.dump(0x1950a86a20f9469cfc6c, protocol=2) writes: the magic number of the older format.
    private static ReadOnlySpan<byte> LegacyStart => [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt, naming what is wrong.</exception>
    public static new TorchFile Open(string path)
    {
        var file = new TorchFile(path);
        try
        {
            file.ReadState();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override Tensor Read(string name)
    {
        var stored = _tensors.TryGetValue(name, out var known) ? known : throw Corrupt($"it has no tensor \"{name}\"");
        var size = SafetensorsType.SizeOf(stored.Storage.DType);
        var isEmpty = stored.Shape.Contains(0);
        if (!isEmpty && (SafetensorsType.BytesOf(stored.Storage.DType, stored.Shape) is not <= int.MaxValue || stored.Reach > int.MaxValue / size))
            throw Corrupt($"\"{name}\" {StoredTensor.Shown(stored.Shape)} has more than {int.MaxValue} bytes, which is not read here");
        var tensor = empty(stored.Shape, dtype: SafetensorsType.ScalarOf(stored.Storage.DType));
        if (isEmpty)
            return tensor;
        var first = _storages[stored.Storage.Key].Offset + stored.Offset * size;
        if (stored.IsContiguous)
        {
            Fill(tensor.bytes, first);
        }
        else
        {
            var reach = new byte[stored.Reach * size];
            Fill(reach, first);
            stored.Gather(reach, tensor.bytes, size);
        }
        if (_isBigEndian)
            Reverse(tensor.bytes, size);
        return tensor;
    }

    public override void Dispose() => _file.Dispose();

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (var at = 0; size > 1 && at < bytes.Length; at += size)
            bytes.Slice(at, size).Reverse();
    }

    private void ReadState()
    {
        var start = new byte[(int)Math.Min(RandomAccess.GetLength(_file), LegacyStart.Length)];
        Fill(start, 0);
        var state = start.AsSpan().StartsWith("PK\x03\x04"u8) ? ReadArchive()
            : start.AsSpan().SequenceEqual(LegacyStart) ? ReadLegacy()
            : throw Corrupt("it begins neither as a zip archive nor as an older file of PyTorch's");
        foreach (var (name, value) in state as Dictionary<object, object?> ?? throw Corrupt("it holds no dict of tensors by name"))
            _tensors.Add((string)name, value as PickledTensor ?? throw Corrupt($"its entry {PickledTensor.Shown((string)name)} is no tensor; save model.state_dict() and nothing else"));
        foreach (var (name, tensor) in _tensors)
            RequireStorage(name, tensor.Storage);
    }

    private object? ReadArchive()
    {
        var entries = ZipDirectory.Read(_file, Corrupt);
        var pickles = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(c => c == '/') == 1).ToList();
        if (pickles is not [var pickle])
            throw Corrupt($"it is an archive of {entries.Count} entries with {pickles.Count} data.pkl, where PyTorch writes one");
        var folder = pickle[..(pickle.IndexOf('/') + 1)];
        if (entries.ContainsKey(folder + "constants.pkl"))
            throw Corrupt("it is a program (TorchScript); save model.state_dict() and nothing else");
        var data = folder + "data/";
        foreach (var (name, place) in entries.Where(entry => entry.Key.StartsWith(data, StringComparison.Ordinal)))
            _storages.Add(name[data.Length..], place);
        _isBigEndian = entries.TryGetValue(folder + "byteorder", out var order) && IsBig(Encoding.Latin1.GetString(Bytes(order)));
        return PickleReader.Read(Bytes(entries[pickle]), new TorchPickle(Corrupt));
    }

    private bool IsBig(string order) => order switch
    {
        "little" => false,
        "big" => true,
        _ => throw Corrupt($"its byte order is {PickledTensor.Shown(order)}, where little or big belongs"),
    };

    // Five pickles: magic number, protocol, machine, state, keys of the storages; then the storages, each with its count before it, little-endian whatever the machine was.
    private object? ReadLegacy()
    {
        var bytes = Bytes((0, Math.Min(RandomAccess.GetLength(_file), LargestPickle)));
        var (globals, at) = (new TorchPickle(Corrupt), LegacyStart.Length);
        if (PickleReader.Read(bytes, globals, ref at) is not LegacyProtocol)
            throw Corrupt($"its protocol is not {LegacyProtocol}");
        PickleReader.Read(bytes, globals, ref at);
        var state = PickleReader.Read(bytes, globals, ref at);
        var keys = PickleReader.Read(bytes, globals, ref at) as List<object?> ?? throw Corrupt("it has no list of its storages");
        var place = (long)at;
        foreach (var key in keys)
            place = AddStorage(key as string, globals.Storages, place);
        return state;
    }

    // Where the next one begins.
    private long AddStorage(string? key, IReadOnlyDictionary<string, TorchStorage> named, long place)
    {
        if (key is null || !named.TryGetValue(key, out var storage))
            throw Corrupt("it lists a storage that no tensor refers to");
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        Fill(prefix, place);
        var numbers = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        var (first, length) = (place + sizeof(long), (UInt128)storage.Numbers * (UInt128)SafetensorsType.SizeOf(storage.DType));
        if (numbers != storage.Numbers || length > (UInt128)(RandomAccess.GetLength(_file) - first))
            throw Corrupt($"storage {PickledTensor.Shown(key)} should have {storage.Numbers} {storage.DType}; it claims {numbers} from byte {first} on, of {RandomAccess.GetLength(_file)}");
        return _storages.TryAdd(key, (first, (long)length)) ? first + (long)length : throw Corrupt($"it lists storage {PickledTensor.Shown(key)} twice");
    }

    private void RequireStorage(string name, TorchStorage storage)
    {
        if (!_storages.TryGetValue(storage.Key, out var place))
            throw Corrupt($"{PickledTensor.Shown(name)} lies in storage {PickledTensor.Shown(storage.Key)}, which is not there");
        if ((UInt128)storage.Numbers * (UInt128)SafetensorsType.SizeOf(storage.DType) != (UInt128)place.Length)
            throw Corrupt($"{PickledTensor.Shown(name)} lies in storage {PickledTensor.Shown(storage.Key)} of {storage.Numbers} {storage.DType}, which has {place.Length} bytes");
    }

    private byte[] Bytes((long Offset, long Length) place)
    {
        if (place.Length > LargestPickle)
            throw Corrupt($"it describes its tensors in {place.Length} bytes, where at most {LargestPickle} are read");
        var bytes = new byte[place.Length];
        Fill(bytes, place.Offset);
        return bytes;
    }

    private void Fill(Span<byte> destination, long offset)
    {
        if (!FileRange.TryFill(_file, destination, offset))
            throw Corrupt($"it ends before byte {offset + destination.Length}");
    }

    private LabException Corrupt(string problem) =>
        new(ProblemCode.ArtifactCorrupt, $"{_path} is no file of weights that can be used: {problem}. Fetch it again, or take model.safetensors.");
}
