using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Bias;

/// <summary>Word vectors out of a model's word embeddings: the mean of the rows of a word's pieces.</summary>
internal static class EmbeddingWords
{
    // How the names of the word embeddings end, in a BERT or RoBERTa with a head and in one without.
    private const string TensorName = "embeddings.word_embeddings.weight";

    /// <param name="source">The model folder.</param>
    /// <param name="kind">Where the vectors are from, for reports.</param>
    /// <param name="words">The words that may be asked for.</param>
    /// <param name="cancellation">Looked at for each word.</param>
    /// <exception cref="LabException">ArtifactMissing when the folder lacks a file; ArtifactCorrupt when there are no float embeddings of the vocabulary's size.</exception>
    public static WordVectors Read(BiasSource source, string kind, IReadOnlySet<string> words, CancellationToken cancellation)
    {
        if (!Directory.Exists(source.Path))
            throw WordVectors.Corrupt(source, "it is a file, and a model folder is needed (config.json, model.safetensors, and a tokenizer's files)");
        var config = ModelConfig.Read(Path.Combine(source.Path, ModelFolder.ConfigFile), needsLabels: false);
        var tokenizer = TokenizerFolder.Load(source.Path);
        if (tokenizer.Count > config.VocabSize)
            throw WordVectors.Corrupt(source, $"its vocabulary has {tokenizer.Count} tokens, and the model knows only {config.VocabSize}");
        using var scope = NewDisposeScope();
        var table_VD = Table(source, config);
        var vectors = new WordVectors(kind, source, config.Spec.WordWidth, words);
        foreach (var word in vectors.Keys().Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = tokenizer.Tokenize(word);
            if (ids.Length > 0 && !ids.Contains(tokenizer.UnknownId))
                vectors.Add(word, Mean(table_VD, ids));
        }
        return vectors;
    }

    private static Tensor Table(BiasSource source, ModelConfig config)
    {
        using var weights = ModelWeights.Open(source.Path);
        var stored = weights.Tensors.FirstOrDefault(tensor => tensor.Name == TensorName || tensor.Name == $"{ModelConfig.KindOf(config.Spec)}.{TensorName}")
            ?? throw WordVectors.Corrupt(source, $"it has no tensor {TensorName}");
        var table_VD = zeros([config.VocabSize, config.Spec.WordWidth]);
        weights.CopyInto(stored, table_VD);
        return table_VD;
    }

    private static float[] Mean(Tensor table_VD, int[] ids)
    {
        var mean = new float[table_VD.shape[1]];
        foreach (var id in ids)
        {
            using var row_D = table_VD.select(0, id);
            var row = row_D.data<float>();
            for (var i = 0; i < mean.Length; i++)
                mean[i] += row[i] / ids.Length;
        }
        return mean;
    }
}
