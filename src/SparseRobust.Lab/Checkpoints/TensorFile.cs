using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Tensors by name in a safetensors file.</summary>
internal sealed class TensorFile : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly string _path;

    private TensorFile(string path)
    {
        _path = path;
        _file = SafetensorsFile.Open(path);
    }

    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    public IEnumerable<string> Names => _file.Entries.Select(entry => entry.Name);

    public static TensorFile Open(string path) => new(path);

    /// <summary>Writes atomically; the same tensors give the same bytes.</summary>
    public static void Save(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        List<SafetensorsTensor> entries = [.. tensors.Select(entry =>
            new SafetensorsTensor(entry.Name, TypeName(entry.Tensor.dtype), entry.Tensor.shape, stream => Write(entry.Tensor, stream)))];
        DurableFile.Write(path, stream => SafetensorsWriter.Write(stream, entries, metadata), SafetensorsWriter.SizeOf(entries, metadata));
    }

    public bool Contains(string name) => _file.Contains(name);

    /// <summary>Overwrites a tensor with the stored one.</summary>
    /// <exception cref="LabException">ArtifactCorrupt when the name is missing or type or shape differ.</exception>
    public void CopyInto(string name, Tensor target)
    {
        using var scope = NewDisposeScope();
        var stored = Read(name);
        if (stored.dtype != target.dtype || !stored.shape.SequenceEqual(target.shape))
            throw new LabException(
                ProblemCode.ArtifactCorrupt,
                $"{_path}: \"{name}\" is {stored.dtype} [{string.Join(", ", stored.shape)}] but {target.dtype} [{string.Join(", ", target.shape)}] is needed. The file belongs to another model.");
        target.copy_(stored);
    }

    /// <summary>The stored tensor, on the CPU.</summary>
    public Tensor Read(string name)
    {
        var entry = _file[name];
        var tensor = empty([.. entry.Shape], dtype: TypeOf(entry.DType));
        if (tensor.numel() > 0)
            _file.Read(name, tensor.bytes);
        return tensor;
    }

    public void Dispose() => _file.Dispose();

    private static void Write(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        if (tensor.numel() > 0)
            stream.Write(tensor.detach().cpu().contiguous().bytes);
    }

    private static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Float64 => "F64",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a safetensors type."),
    };

    private ScalarType TypeOf(string name) => name switch
    {
        "F32" => ScalarType.Float32,
        "F64" => ScalarType.Float64,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new LabException(ProblemCode.ArtifactCorrupt, $"{_path}: tensors of type {name} are not read here."),
    };
}
