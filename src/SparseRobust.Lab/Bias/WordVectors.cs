using System.Runtime.Intrinsics;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>L2-normalised vectors of the words that occur in the data, and of no others. Filled once; then thread-safe.</summary>
/// <param name="kind">Where they are from, for reports.</param>
/// <param name="source">Their file.</param>
/// <param name="dimension">Numbers per vector, at least 1.</param>
/// <param name="words">The words that may be asked for, each in its own case.</param>
internal sealed class WordVectors(string kind, BiasSource source, int dimension, IReadOnlySet<string> words)
{
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    /// <summary>Numbers per vector.</summary>
    public int Dimension => dimension;

    /// <summary>The words of texts, each in its own case: what the vectors of some datasets are loaded for.</summary>
    public static HashSet<string> WordsOf(IEnumerable<string?> texts)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
            found.UnionWith(BiasTokenizer.Words(text ?? ""));
        return found;
    }

    /// <summary>The words asked for and their lower-cased forms: what a file is searched for.</summary>
    public HashSet<string> Keys() => [.. words.Concat(words.Select(word => word.ToLowerInvariant()))];

    /// <summary>Whether a word has a vector already, in its own case or in lower case.</summary>
    public bool Has(string word) => _vectors.ContainsKey(word) || _vectors.ContainsKey(word.ToLowerInvariant());

    /// <summary>Keeps a word's vector, divided by its 2-norm. A vector of zeros counts as none; of two for one word the first stays.</summary>
    /// <exception cref="LabException">ArtifactCorrupt when a number is not finite.</exception>
    public void Add(string word, float[] vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
            sum += (double)value * value;
        if (!double.IsFinite(sum))
            throw Corrupt(source, $"the vector of \"{word}\" has a number that is not finite");
        if (sum == 0 || !_vectors.TryAdd(word, vector))
            return;
        var norm = Math.Sqrt(sum);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] / norm);
    }

    /// <summary>A word's vector of length 1, in its own case or else in lower case; empty when it has none.</summary>
    /// <exception cref="ArgumentException">The word was not among those the vectors were loaded for.</exception>
    public ReadOnlySpan<float> Of(string word)
    {
        if (_vectors.TryGetValue(word, out var vector) || _vectors.TryGetValue(word.ToLowerInvariant(), out vector))
            return vector;
        return words.Contains(word) ? [] : throw new ArgumentException($"The vectors were not loaded for \"{word}\".", nameof(word));
    }

    /// <summary>Share of tokens, in [0, 1], that have a vector; 0 when there are no tokens.</summary>
    public double Coverage(IEnumerable<string?> texts)
    {
        var (known, all) = (0L, 0L);
        foreach (var text in texts)
            foreach (var word in BiasTokenizer.Words(text ?? ""))
                (known, all) = (known + (Of(word).IsEmpty ? 0 : 1), all + 1);
        return all == 0 ? 0 : (double)known / all;
    }

    /// <summary>What a fit says of the vectors it used.</summary>
    public VectorsUse Use(double trainCoverage) => new(kind, source.Sha256, dimension, trainCoverage);

    /// <summary>The product of two vectors of length 1: their cosine, in [-1, 1] but for rounding. Eight lanes on every processor, nothing fused.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var lanes = Vector256<float>.Zero;
        var i = 0;
        for (; i + Vector256<float>.Count <= a.Length; i += Vector256<float>.Count)
            lanes += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
        double sum = Vector256.Sum(lanes);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The vectors' file cannot be used.</summary>
    public static LabException Corrupt(BiasSource source, string reason, Exception? inner = null) =>
        new(ProblemCode.ArtifactCorrupt, $"The word vectors at {source.Path} cannot be used: {reason}. Fetch the file again, or name another.", inner);
}
