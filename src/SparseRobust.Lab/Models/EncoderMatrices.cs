namespace SparseRobust.Lab.Models;

/// <summary>The prunable matrices of an encoder: six a layer, BERT's and RoBERTa's alike.</summary>
internal static class EncoderMatrices
{
    /// <param name="encoder">The encoder.</param>
    /// <param name="prefix">Hugging Face's name of the model that it is part of.</param>
    public static IEnumerable<(MatrixId Id, PrunableLinear Linear)> Of(BertEncoder encoder, string prefix) => encoder.Layers.SelectMany((layer, i) => Of(layer, i, $"{prefix}.encoder.layer.{i}"));

    private static IEnumerable<(MatrixId Id, PrunableLinear Linear)> Of(BertLayer layer, int index, string prefix)
    {
        yield return (new(MatrixKind.Query, index, $"{prefix}.attention.self.query.weight"), layer.Attention.Self.Query);
        yield return (new(MatrixKind.Key, index, $"{prefix}.attention.self.key.weight"), layer.Attention.Self.Key);
        yield return (new(MatrixKind.Value, index, $"{prefix}.attention.self.value.weight"), layer.Attention.Self.Value);
        yield return (new(MatrixKind.AttentionOutput, index, $"{prefix}.attention.output.dense.weight"), layer.Attention.Output.Dense);
        yield return (new(MatrixKind.Intermediate, index, $"{prefix}.intermediate.dense.weight"), layer.Intermediate.Dense);
        yield return (new(MatrixKind.Output, index, $"{prefix}.output.dense.weight"), layer.Output.Dense);
    }
}
