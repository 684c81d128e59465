// Shapes: B batch, L length, E word width.
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>Continuous bag of words: a text is the mean of its words' trained embeddings, a pair [u; v; |u - v|; u * v], then one hidden tanh layer and a classifier.
/// Ours, trained on the task from random embeddings: not comparable with the published rows, which use GloVe.</summary>
/// <remarks>Source: Wang et al. (2018), GLUE, sec. 4.1: 300-wide GloVe embeddings that are not trained, a hidden layer of 512; deviates: embeddings are trained from random weights, WordPieces are the words, and the defaults are small.</remarks>
public sealed record CbowSpec : ArchitectureSpec
{
    /// <summary>Width of the word embeddings, and of a text's vector.</summary>
    [Range(1, 16384)]
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>Width of the hidden layer.</summary>
    [Range(1, 16384)]
    public int HiddenSize { get; init; } = 128;

    /// <summary>Dropout on word embeddings, on the features and on the hidden layer.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Shape => FormattableString.Invariant($"cbow {EmbeddingSize}, {HiddenSize}");

    internal override int WordWidth => EmbeddingSize;

    internal override int PooledWidth => HiddenSize;

    internal override int Layers => 0;

    internal override long MatrixNumbers => 4L * EmbeddingSize * HiddenSize;

    internal override TextClassifier Build(int vocabularySize, int classes) => new CbowForSequenceClassification(this, vocabularySize, classes);
}

/// <summary>The mean of a text's word embeddings, classified.</summary>
internal sealed class CbowForSequenceClassification(CbowSpec spec, int vocabularySize, int classes)
    : TextPairClassifier("CbowForSequenceClassification", spec, (vocabularySize, classes), spec.EmbeddingSize, spec.Dropout)
{
    protected override Tensor Encode(Tensor words_BLE, TextSpan text)
    {
        var sum_BE = (words_BLE * text.Mask(words_BLE.shape[1]).unsqueeze(2)).sum([1]);
        return sum_BE / text.Count_B.clamp_min(1).unsqueeze(1).to_type(ScalarType.Float32);
    }
}
