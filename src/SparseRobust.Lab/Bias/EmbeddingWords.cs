using System.Buffers.Binary;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Bias;

/// <summary>Word vectors out of a model's word embeddings: the mean of the rows of a word's pieces.</summary>
internal static class EmbeddingWords
{
    // The names under which a BERT with a head and one without keep their word embeddings.
    private static readonly string[] TensorNames = ["bert.embeddings.word_embeddings.weight", "embeddings.word_embeddings.weight"];

    /// <exception cref="LabException">ArtifactMissing when the folder lacks a file; ArtifactCorrupt when there are no float embeddings of the vocabulary's size.</exception>
    public static WordVectors Read(BiasSource source, IReadOnlySet<string> words, CancellationToken cancellation)
    {
        if (!Directory.Exists(source.Path))
            throw WordVectors.Corrupt(source, "it is a file, and a model folder is needed (config.json, model.safetensors, and a tokenizer's files)");
        var config = ModelConfig.Read(Path.Combine(source.Path, ModelFolder.ConfigFile));
        var tokenizer = TokenizerFolder.Load(source.Path);
        using var weights = SafetensorsFile.Open(Path.Combine(source.Path, ModelFolder.WeightsFile));
        var entry = Entry(source, weights, config, tokenizer.Count);
        var vectors = new WordVectors("embeddings", source, config.Spec.WordWidth, words);
        foreach (var word in vectors.Keys().Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = tokenizer.Tokenize(word);
            if (ids.Length > 0 && !ids.Contains(tokenizer.UnknownId))
                vectors.Add(word, Mean(weights, entry, ids, config.Spec.WordWidth));
        }
        return vectors;
    }

    private static SafetensorsEntry Entry(BiasSource source, SafetensorsFile weights, ModelConfig config, int vocabulary)
    {
        var name = TensorNames.FirstOrDefault(weights.Contains) ?? throw WordVectors.Corrupt(source, $"it has no tensor {string.Join(" or ", TensorNames)}");
        var entry = weights[name];
        var fits = entry.DType is "F32" or "F16" or "BF16" && entry.Shape is [var rows, var columns] && rows == config.VocabSize && columns == config.Spec.WordWidth && vocabulary <= rows;
        return fits ? entry : throw WordVectors.Corrupt(source, $"{name} is {entry.DType} [{string.Join(", ", entry.Shape)}], where float [{config.VocabSize}, {config.Spec.WordWidth}] for {vocabulary} tokens belong");
    }

    private static float[] Mean(SafetensorsFile weights, SafetensorsEntry entry, int[] ids, int dimension)
    {
        var mean = new float[dimension];
        var size = SafetensorsType.SizeOf(entry.DType);
        var bytes = new byte[dimension * size];
        foreach (var id in ids)
        {
            weights.Read(entry, (long)id * bytes.Length, bytes);
            for (var i = 0; i < dimension; i++)
                mean[i] += Number(entry.DType, bytes.AsSpan(i * size, size)) / ids.Length;
        }
        return mean;
    }

    private static float Number(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
    };
}
