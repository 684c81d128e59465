using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>The names that files give to the weights of a BERT, and those that the model gives them.</summary>
/// <remarks>Source: the checkpoints on Hugging Face's hub. Those made before 2019 call a LayerNorm's weight gamma and its bias beta; many hold the buffer position_ids, 0, 1, 2 and so on,
/// which is no weight; a model saved without a head has no "bert." before its names.</remarks>
internal static class WeightNames
{
    private static readonly (string Old, string New)[] Norms = [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")];

    /// <summary>The stored tensors by the names of a whole model; buffers are left out.</summary>
    /// <exception cref="LabException">ArtifactCorrupt when a weight is there under two names.</exception>
    public static SortedDictionary<string, StoredTensor> Of(ModelWeights weights) => ByName(weights, Modern);

    /// <summary>The same, where those of a body saved on its own get the body's prefix.</summary>
    /// <param name="weights">The file.</param>
    /// <param name="prefix">"bert.".</param>
    /// <param name="parts">What comes first behind the prefix: embeddings, encoder, pooler.</param>
    /// <exception cref="LabException">ArtifactCorrupt when a weight is there under two names.</exception>
    public static SortedDictionary<string, StoredTensor> OfBody(ModelWeights weights, string prefix, IReadOnlySet<string> parts)
    {
        var isBare = !weights.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal));
        return ByName(weights, name => isBare && parts.Contains(name.Split('.')[0]) ? prefix + Modern(name) : Modern(name));
    }

    private static SortedDictionary<string, StoredTensor> ByName(ModelWeights weights, Func<string, string> nameOf)
    {
        var byName = new SortedDictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var tensor in weights.Tensors.Where(tensor => !IsBuffer(tensor.Name)))
            if (!byName.TryAdd(nameOf(tensor.Name), tensor))
                throw new LabException(ProblemCode.ArtifactCorrupt, $"{weights.Path} holds \"{nameOf(tensor.Name)}\" twice, once as \"{tensor.Name}\". The file is damaged; fetch it again.");
        return byName;
    }

    private static string Modern(string name)
    {
        foreach (var (old, @new) in Norms)
            if (name.EndsWith(old, StringComparison.Ordinal))
                return name[..^old.Length] + @new;
        return name;
    }

    private static bool IsBuffer(string name) => name.EndsWith(".position_ids", StringComparison.Ordinal);
}
