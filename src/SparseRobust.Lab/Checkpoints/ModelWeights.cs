using System.Text;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>The weights of a model folder, whatever file or files they lie in: model.safetensors, the files that model.safetensors.index.json names, pytorch_model.bin, or the files that
/// pytorch_model.bin.index.json names.</summary>
/// <remarks>Where there are several of these the first counts, as in Hugging Face's library. Shapes and types are known at once and have been checked against the files' sizes; numbers are
/// read one tensor at a time. F64, F16 and BF16 are read into the float32 of our models; F64 rounds, the others are exact. Source: Hugging Face's repository layout.</remarks>
internal sealed class ModelWeights : IDisposable
{
    private static readonly (string Name, string? IndexOf)[] Layouts =
    [
        ("model.safetensors", null),
        ("model.safetensors.index.json", ".safetensors"),
        ("pytorch_model.bin", null),
        ("pytorch_model.bin.index.json", ".bin"),
    ];

    private readonly List<WeightsFile> _files = [];
    private readonly SortedDictionary<string, (StoredTensor Stored, WeightsFile File)> _byName = new(StringComparer.Ordinal);

    private ModelWeights(string path) => Path = path;

    /// <summary>The file, or the index of the files.</summary>
    public string Path { get; }

    /// <summary>All tensors, by name (ordinal).</summary>
    public IEnumerable<StoredTensor> Tensors => _byName.Values.Select(entry => entry.Stored);

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="LabException">ArtifactMissing when there are no weights, or a file of an index is not there; ArtifactCorrupt, naming file and tensor.</exception>
    public static ModelWeights Open(string folder)
    {
        var (path, indexOf) = Find(folder);
        var weights = new ModelWeights(path);
        try
        {
            if (indexOf is null)
                weights.Add(path);
            else
                weights.AddShards(ShardIndex.Read(path, indexOf));
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The file, or the index and the files that it names.</summary>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt.</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        var (path, indexOf) = Find(folder);
        return indexOf is null ? [path]
            : [path, .. ShardIndex.Read(path, indexOf).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(shard => System.IO.Path.Combine(folder, shard))];
    }

    /// <summary>SHA-256 (hex) of the one file; of several files, that of a line "hash name" for each, by name.</summary>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt.</exception>
    public static string Sha256(string folder)
    {
        var (path, indexOf) = Find(folder);
        if (indexOf is null)
            return ContentHash.OfFile(path);
        var shards = ShardIndex.Read(path, indexOf).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return ContentHash.Of(Encoding.UTF8.GetBytes(string.Concat(shards.Select(shard => $"{ContentHash.OfFile(System.IO.Path.Combine(folder, shard))} {shard}\n"))));
    }

    /// <summary>Overwrites a tensor with a stored one, converting floating-point types.</summary>
    /// <exception cref="LabException">ArtifactCorrupt, with name, stored and needed shape or type.</exception>
    public void CopyInto(StoredTensor stored, Tensor target)
    {
        RequireFit(stored, target.shape);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var values = _byName[stored.Name].File.Read(stored.Name);
        target.copy_(values);
        if (stored.DType == "F64" && !values.isfinite().equal(target.isfinite().cpu()))
            throw Unfit($"\"{stored.Name}\" holds numbers of float64 that float32 cannot hold");
    }

    /// <summary>Refuses a tensor of another shape than is needed, or not of floating-point numbers.</summary>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public void RequireFit(StoredTensor stored, long[] needed)
    {
        if (!stored.Shape.SequenceEqual(needed))
            throw Unfit($"\"{stored.Name}\" is {stored} but {StoredTensor.Shown(needed)} is needed");
        if (stored.DType is not ("F32" or "F16" or "BF16" or "F64"))
            throw Unfit($"\"{stored.Name}\" is {stored}, and weights are F32, F16, BF16 or F64");
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private static (string Path, string? IndexOf) Find(string folder)
    {
        foreach (var (name, indexOf) in Layouts)
            if (System.IO.Path.Combine(folder, name) is var path && File.Exists(path))
                return (path, indexOf);
        throw new LabException(ProblemCode.ArtifactMissing, $"{folder} has no weights: none of {string.Join(", ", Layouts.Select(layout => layout.Name))}. Name the folder of a model.");
    }

    private void AddShards(IReadOnlyDictionary<string, string> shardOf)
    {
        foreach (var shard in shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            Add(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, shard), stored => shardOf.TryGetValue(stored.Name, out var place)
                ? place == shard
                : throw Unfit($"{shard} holds \"{stored.Name}\", which the index does not name"));
        if (shardOf.Keys.FirstOrDefault(name => !_byName.ContainsKey(name)) is { } absent)
            throw Unfit($"\"{absent}\" is not in {shardOf[absent]}");
    }

    private void Add(string path, Func<StoredTensor, bool>? isWanted = null)
    {
        var file = WeightsFile.Open(path);
        _files.Add(file);
        Bytes += new FileInfo(path).Length;
        foreach (var stored in file.Tensors)
            if (isWanted?.Invoke(stored) ?? true)
                _byName.Add(stored.Name, (stored, file));
    }

    private LabException Unfit(string problem) => new(ProblemCode.ArtifactCorrupt, $"{Path}: {problem}. The file is damaged or belongs to another model.");
}
