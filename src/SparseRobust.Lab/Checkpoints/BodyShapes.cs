// V words, P positions, T segments, D width, F width inside the feed-forward layer.
using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Names and shapes of the weights of a BERT's or RoBERTa's body, from its settings: what a built model has, without building one.</summary>
internal static class BodyShapes
{
    /// <param name="spec">The model.</param>
    /// <param name="words">Rows of the word table V.</param>
    public static IReadOnlyList<NamedShape> Of(TransformerSpec spec, int words)
    {
        var (width, inner) = ((long)spec.HiddenSize, (long)spec.IntermediateSize);
        var shapes = new List<NamedShape>
        {
            new($"{spec.Prefix}.embeddings.word_embeddings.weight", [words, width]),
            new($"{spec.Prefix}.embeddings.position_embeddings.weight", [spec.MaxPositionEmbeddings, width]),
            new($"{spec.Prefix}.embeddings.token_type_embeddings.weight", [spec.TypeVocabSize, width]),
        };
        shapes.AddRange(Norm($"{spec.Prefix}.embeddings.LayerNorm", width));
        for (var layer = 0; layer < spec.NumHiddenLayers; layer++)
            shapes.AddRange(Layer(FormattableString.Invariant($"{spec.Prefix}.encoder.layer.{layer}"), width, inner));
        if (spec.HasPooler)
            shapes.AddRange(Linear($"{spec.Prefix}.pooler.dense", width, width));
        return shapes;
    }

    private static IEnumerable<NamedShape> Layer(string name, long width, long inner) =>
    [
        .. Linear($"{name}.attention.self.query", width, width),
        .. Linear($"{name}.attention.self.key", width, width),
        .. Linear($"{name}.attention.self.value", width, width),
        .. Linear($"{name}.attention.output.dense", width, width),
        .. Norm($"{name}.attention.output.LayerNorm", width),
        .. Linear($"{name}.intermediate.dense", inner, width),
        .. Linear($"{name}.output.dense", width, inner),
        .. Norm($"{name}.output.LayerNorm", width),
    ];

    private static NamedShape[] Linear(string name, long rows, long columns) => [new($"{name}.weight", [rows, columns]), new($"{name}.bias", [rows])];

    private static NamedShape[] Norm(string name, long width) => [new($"{name}.weight", [width]), new($"{name}.bias", [width])];
}
