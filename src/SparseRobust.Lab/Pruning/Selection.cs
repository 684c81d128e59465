using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Pruning;

/// <summary>Exact selection of the entries to keep.</summary>
internal static class Selection
{
    /// <summary>floor(numel x sparsity), computed in decimal so that 0.58 x 100 is 58.</summary>
    public static long ZeroCount(long numel, double sparsity) => (long)Math.Floor(numel * (decimal)sparsity);

    /// <summary>Boolean mask of <paramref name="scores"/>' shape that keeps all but exactly <paramref name="zeroCount"/> entries, the smallest;
    /// among equal scores the first in row-major order go.</summary>
    /// <remarks>The threshold is the zeroCount-th smallest score; strictly larger ones stay, then as many ties as the count allows.</remarks>
    public static Tensor KeepLargest(Tensor scores, long zeroCount)
    {
        using var scope = NewDisposeScope();
        var flat = scores.reshape(-1);
        if (zeroCount == 0)
            return ones_like(scores, ScalarType.Bool).MoveToOuterDisposeScope();
        var threshold = Smallest(flat, zeroCount);
        var keep = flat > threshold;
        var excess = zeroCount - (flat < threshold).sum().item<long>();
        var ties = flat.eq(threshold);
        var keptTies = ties.logical_and(ties.cumsum(0) > excess);
        return keep.logical_or(keptTies).reshape(scores.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The <paramref name="rank"/>-th smallest entry, from 1; a scalar tensor.</summary>
    public static Tensor Smallest(Tensor flat, long rank) => FusedOperators.KthValue(flat, rank);
}
