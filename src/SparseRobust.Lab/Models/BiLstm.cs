// Shapes: B batch, L length, E word width, W words of the longest text, S width of a state.
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Models;

/// <summary>Bidirectional LSTM of one layer over trained word embeddings: a text is the largest value of each state over its words, in both directions; a pair
/// [u; v; |u - v|; u * v], then one hidden tanh layer and a classifier. Ours, trained on the task from random embeddings: not comparable with the published rows, which use GloVe or ELMo.</summary>
/// <remarks>Source: Wang et al. (2018), GLUE, sec. 4.1: two layers, 1,500 wide a direction, GloVe or ELMo, a hidden layer of 512; deviates: one layer, embeddings are trained from random
/// weights, WordPieces are the words, and the defaults are small.</remarks>
public sealed record BiLstmSpec : ArchitectureSpec
{
    /// <summary>Width of the word embeddings.</summary>
    [Range(1, 16384)]
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>Width of the LSTM's state in each direction; a text's vector is twice as wide.</summary>
    [Range(1, 16384)]
    public int StateSize { get; init; } = 128;

    /// <summary>Width of the hidden layer.</summary>
    [Range(1, 16384)]
    public int HiddenSize { get; init; } = 128;

    /// <summary>Dropout on word embeddings, on the features and on the hidden layer.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Shape => FormattableString.Invariant($"bilstm {EmbeddingSize}, 2 x {StateSize}, {HiddenSize}");

    internal override int WordWidth => EmbeddingSize;

    internal override int PooledWidth => HiddenSize;

    internal override int Layers => 1;

    internal override long MatrixNumbers => 8L * StateSize * (EmbeddingSize + StateSize) + 8L * StateSize * HiddenSize;

    internal override TextClassifier Build(int vocabularySize, int classes) => new BiLstmForSequenceClassification(this, vocabularySize, classes);
}

/// <summary>The largest states of an LSTM over a text and of another over the text read backwards, classified.</summary>
/// <remarks>Two LSTMs of one direction compute what a bidirectional one does, but each starts at a word: the backward one never passes over padding.</remarks>
internal sealed class BiLstmForSequenceClassification : TextPairClassifier
{
    // A state lies in (-1, 1).
    private const double BelowEveryState = -2;

    private readonly LSTM _forward;
    private readonly LSTM _backward;

    public BiLstmForSequenceClassification(BiLstmSpec spec, int vocabularySize, int classes)
        : base("BiLstmForSequenceClassification", spec, (vocabularySize, classes), 2 * spec.StateSize, spec.Dropout)
    {
        _forward = nn.LSTM(spec.EmbeddingSize, spec.StateSize, batchFirst: true);
        _backward = nn.LSTM(spec.EmbeddingSize, spec.StateSize, batchFirst: true);
        register_module("forward_lstm", _forward);
        register_module("backward_lstm", _backward);
    }

    protected override Tensor Encode(Tensor words_BLE, TextSpan text)
    {
        // The steps come one after another, so waiting for the device costs less than steps over padding.
        var words = Math.Max(1, text.Count_B.max().item<long>());
        var places_1W = text.Places(words);
        var inside_BW1 = places_1W.lt(text.Count_B.unsqueeze(1)).unsqueeze(2);
        var there_BW = text.Start_B.unsqueeze(1) + places_1W;
        var back_BW = (text.Start_B + text.Count_B - 1).unsqueeze(1) - places_1W;
        return cat([Largest(_forward, Picked(words_BLE, there_BW), inside_BW1), Largest(_backward, Picked(words_BLE, back_BW), inside_BW1)], 1)
            * text.Count_B.gt(0).unsqueeze(1).to_type(ScalarType.Float32);
    }

    // Places before the first and after the last token belong to no word: what is picked there is masked.
    private static Tensor Picked(Tensor words_BLE, Tensor places_BW)
    {
        var inRange_BW = places_BW.clamp_min(0).clamp_max(words_BLE.shape[1] - 1);
        return words_BLE.gather(1, inRange_BW.unsqueeze(2).expand(-1, -1, words_BLE.shape[2]));
    }

    private static Tensor Largest(LSTM lstm, Tensor words_BWE, Tensor inside_BW1)
    {
        var (states_BWS, _, _) = lstm.forward(words_BWE, null);
        return states_BWS.masked_fill(inside_BW1.logical_not(), BelowEveryState).amax([1]);
    }
}
