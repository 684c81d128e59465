using SparseRobust.Torch.Fused;
using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.nn.functional;

namespace SparseRobust.Benchmarks.Engine;

/// <summary>The operators that are timed: one line each.</summary>
/// <remarks>peers/operators.py has the same names where Python composes or offers the same. B batch, L length, D hidden, H heads.</remarks>
internal static class OperatorTable
{
    private const int B = BertShape.Batch;
    private const int L = BertShape.Length;

    public static IReadOnlyList<OperatorPair> Pairs { get; } =
    [
        new("dropout, hidden", s => [Hidden(s)], x => Drop(x[0]), x => dropout(x[0], 0.1)),
        new("dropout, attention", s => [[B, s.Heads, L, L]], x => Drop(x[0]), x => dropout(x[0], 0.1)),
        new("bias, gelu", s => [[B, L, 4 * s.Hidden], [4 * s.Hidden]], x => gelu(x[0] + x[1]), x => FusedOperators.bias_gelu(x[0], x[1])),
        new("dense, bias, gelu", s => [Hidden(s), [4 * s.Hidden, s.Hidden], [4 * s.Hidden]], x => gelu(linear(x[0], x[1], x[2])), x => FusedOperators.bias_gelu(linear(x[0], x[1]), x[2])),
        new("layer_norm", s => [Hidden(s), [s.Hidden], [s.Hidden]], x => layer_norm(x[0], [x[1].shape[0]], x[1], x[2], 1e-12)),
        new("dropout, add, layer_norm", s => [Hidden(s), Hidden(s), [s.Hidden], [s.Hidden]], x => layer_norm(Drop(x[0]) + x[1], [x[2].shape[0]], x[2], x[3], 1e-12), x => FusedOperators.dropout_add_norm(x[0], x[1], (Single(x[2]), Single(x[3])), 0.1, true, 1e-12)),
        new("attention", s => [Heads(s), Heads(s), Heads(s)], x => Attention(x[0], x[1], x[2]), x => scaled_dot_product_attention(x[0], x[1], x[2], zeros([B, 1, 1, L]), 0.1)),
        new("masked linear", s => [Hidden(s), [4 * s.Hidden, s.Hidden], [4 * s.Hidden]], x => MaskedLinear(x[0], x[1], x[2]), x => FusedOperators.masked_linear(x[0], x[1].detach(), x[1], tensor([0.01f], x[1].dtype), x[2])),
        new("cross_entropy, 32 x 3", _ => [[B, 3]], x => cross_entropy(x[0], Labels(x[0])), x => FusedOperators.cross_entropy_with_bias(x[0], Labels(x[0]))),
        new("cross_entropy, 614 of vocabulary", _ => [[614, BertShape.Vocabulary]], x => cross_entropy(x[0], Labels(x[0])), x => FusedOperators.cross_entropy_with_bias(x[0], Labels(x[0]))),
    ];

    private static long[] Hidden(BertShape s) => [B, L, s.Hidden];

    private static long[] Heads(BertShape s) => [B, s.Heads, L, 64];

    private static Tensor Labels(Tensor logits) => zeros([logits.shape[0]], ScalarType.Int64);

    // LayerNorm's own parameters stay in single precision.
    private static Tensor Single(Tensor x) => x.to_type(ScalarType.Float32);

    // LibTorch's own dropout: the function of that name is ours.
    private static Tensor Drop(Tensor x) => x * empty_like(x).bernoulli_(0.9).mul_(1 / 0.9);

    private static Tensor Attention(Tensor query, Tensor key, Tensor value)
    {
        var scores = matmul(query * 0.125, key.transpose(-1, -2)) + zeros([B, 1, 1, L], query.dtype);
        return matmul(Drop(scores.softmax(-1)), value);
    }

    // The weight itself stands in for the frozen weight; the gradient is that of the scores.
    private static Tensor MaskedLinear(Tensor x, Tensor scores, Tensor bias)
    {
        var hard = (scores > 0.01).to_type(scores.dtype) + (scores - scores.detach());
        return linear(x, scores.detach() * hard, bias);
    }
}

/// <summary>The same work by single operators and, where there is one, by a fused operator of ours.</summary>
/// <param name="Name">Also the name in peers/operators.py.</param>
/// <param name="Shapes">Shapes of the inputs, all of which get a gradient.</param>
/// <param name="Composed">By LibTorch's operators.</param>
/// <param name="Fused">By ours.</param>
internal sealed record OperatorPair(string Name, Func<BertShape, long[][]> Shapes, Func<Tensor[], Tensor> Composed, Func<Tensor[], Tensor>? Fused = null);
