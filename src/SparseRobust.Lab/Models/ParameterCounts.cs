// L layers, D width, F width inside the feed-forward layer, H heads, C classes, V words, P positions, T segments.
namespace SparseRobust.Lab.Models;

/// <summary>How many parameters a BERT or RoBERTa classifier has, by what they do; computed from its settings.</summary>
/// <remarks>Source: Devlin et al. (2019), whose BERT-base with two classes has 109,483,778, 84,934,656 of them in the encoder's matrices.</remarks>
public sealed record ParameterCounts
{
    internal ParameterCounts(TransformerSpec spec, long words, long classes)
    {
        var (layers, width, inner) = ((long)spec.NumHiddenLayers, (long)spec.HiddenSize, (long)spec.IntermediateSize);
        var (square, headWidth) = (width * width, width / spec.NumAttentionHeads);
        var (pooler, firstOfHead) = spec.HasPooler ? (square, 0L) : (0L, square);
        Embeddings = (words + spec.MaxPositionEmbeddings + spec.TypeVocabSize + 2) * width;
        EncoderMatrices = layers * ((4 * square) + (2 * width * inner));
        Encoder = EncoderMatrices + (layers * ((9 * width) + inner));
        Pooler = spec.HasPooler ? square + width : 0;
        Head = ((width + 1) * classes) + (spec.HasPooler ? 0 : square + width);
        AttentionHead = (4 * width * headWidth) + (3 * headWidth);
        FeedForward = (2 * width * inner) + inner;
        SrNets = EncoderMatrices + pooler;
        SrNetsWithClassifier = SrNets + firstOfHead + (width * classes);
        Lottery = EncoderMatrices + (layers * ((4 * width) + inner));
    }

    /// <summary>All of them.</summary>
    public long Total => Embeddings + Encoder + Pooler + Head;

    /// <summary>Word, position and segment table and their LayerNorm: (V + P + T + 2) D.</summary>
    public long Embeddings { get; }

    /// <summary>The tables' share of all, in [0, 1].</summary>
    public double EmbeddingShare => (double)Embeddings / Total;

    /// <summary>The layers with biases and LayerNorms: L (4 D^2 + 2 D F + 9 D + F).</summary>
    public long Encoder { get; }

    /// <summary>The layers' weight matrices, over which sparsity is reported and which Reweighted Proximal Pruning prunes: L (4 D^2 + 2 D F).</summary>
    public long EncoderMatrices { get; }

    /// <summary>D^2 + D of a BERT; 0 of a RoBERTa.</summary>
    public long Pooler { get; }

    /// <summary>The classifier: C D + C, and another D^2 + D of a RoBERTa.</summary>
    public long Head { get; }

    /// <summary>What goes with one attention head: its rows of query, key and value with biases, its columns of the output projection.</summary>
    public long AttentionHead { get; }

    /// <summary>What goes with one feed-forward layer: the first matrix with its bias, the second without.</summary>
    public long FeedForward { get; }

    /// <summary>What Win-win Deal's methods prune: the encoder's matrices and BERT's pooler.</summary>
    public long SrNets { get; }

    /// <summary>What mask training prunes with the classifier.</summary>
    public long SrNetsWithClassifier { get; }

    /// <summary>What When BERT Plays the Lottery's m-pruning prunes: L (4 D^2 + 2 D F + 4 D + F).</summary>
    public long Lottery { get; }
}
