using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Tensors by name in a safetensors file.</summary>
internal sealed class TensorFile : WeightsFile
{
    private readonly SafetensorsFile _file;
    private readonly string _path;

    private TensorFile(string path)
    {
        _path = path;
        _file = SafetensorsFile.Open(path);
    }

    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    public override IReadOnlyCollection<StoredTensor> Tensors => [.. _file.Entries.Select(entry => new StoredTensor(entry.Name, entry.DType, entry.Shape))];

    public static new TensorFile Open(string path) => new(path);

    /// <summary>Writes atomically; the same tensors give the same bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="metadata">Strings about the file.</param>
    /// <param name="dtype">Type to write all tensors in; null: each in its own.</param>
    /// <exception cref="LabException">ArtifactCorrupt, naming the tensor, when a finite number is beyond that type's range; nothing is written.</exception>
    public static void Save(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null, ScalarType? dtype = null)
    {
        List<SafetensorsTensor> entries = [.. tensors.Select(entry =>
            new SafetensorsTensor(entry.Name, SafetensorsType.NameOf(dtype ?? entry.Tensor.dtype), entry.Tensor.shape, stream => Write(entry.Name, entry.Tensor, dtype, stream)))];
        DurableFile.Write(path, stream => SafetensorsWriter.Write(stream, entries, metadata), SafetensorsWriter.SizeOf(entries, metadata));
    }

    public bool Contains(string name) => _file.Contains(name);

    /// <summary>Overwrites a tensor with the stored one.</summary>
    /// <exception cref="LabException">ArtifactCorrupt when the name is missing or type or shape differ.</exception>
    public void CopyInto(string name, Tensor target)
    {
        var entry = _file[name];
        if (entry.DType != SafetensorsType.NameOf(target.dtype) || !entry.Shape.SequenceEqual(target.shape))
            throw new LabException(
                ProblemCode.ArtifactCorrupt,
                $"{_path}: \"{name}\" is {entry.DType} {StoredTensor.Shown(entry.Shape)} but {SafetensorsType.NameOf(target.dtype)} {StoredTensor.Shown(target.shape)} is needed. The file belongs to another model.");
        using var scope = NewDisposeScope();
        target.copy_(Read(name));
    }

    public override Tensor Read(string name)
    {
        var entry = _file[name];
        if (entry.Length > int.MaxValue)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{_path}: \"{name}\" has {entry.Length} bytes; tensors of up to {int.MaxValue} are read here.");
        var tensor = empty([.. entry.Shape], dtype: SafetensorsType.ScalarOf(entry.DType));
        if (tensor.numel() > 0)
            _file.Read(name, tensor.bytes);
        return tensor;
    }

    public override void Dispose() => _file.Dispose();

    private static void Write(string name, Tensor tensor, ScalarType? dtype, Stream stream)
    {
        if (tensor.numel() == 0)
            return;
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        if (dtype is not { } type || type == values.dtype)
        {
            stream.Write(values.bytes);
            return;
        }
        var converted = values.to_type(type);
        if (!converted.isfinite().equal(values.isfinite()))
            throw new LabException(ProblemCode.ArtifactCorrupt, $"\"{name}\" holds {values.abs().max().item<float>():G6}, which {SafetensorsType.NameOf(type)} cannot hold. Write the model in another type; BF16 has float32's range.");
        stream.Write(converted.bytes);
    }
}
