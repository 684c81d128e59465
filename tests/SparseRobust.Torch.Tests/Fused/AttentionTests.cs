using SparseRobust.Torch.Precision;
using static SparseRobust.Torch.torch;
using F = SparseRobust.Torch.torch.nn.functional;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class AttentionTests
{
    private static readonly Func<long, long, long, long[][]> OneHead = (rows, columns, width) => [[1, 1, rows, width], [1, 1, columns, width], [1, 1, columns, width]];

    private static Tensor Fused(Tensor[] x, Tensor? mask, double p) => F.scaled_dot_product_attention(x[0], x[1], x[2], mask, p);

    // The draw is the operator's: the key is the next number of the generator in both, and the index that of the probability.
    private static Tensor Composed(Tensor[] x, Tensor? mask, double p)
    {
        var scores = x[0].matmul(x[1].transpose(-2, -1)) / Math.Sqrt(x[0].shape[^1]);
        if (mask is not null)
            scores = scores + mask;
        var kept = p > 0 ? F.dropout(ones(scores.shape), p).to_type(scores.dtype) : ones_like(scores);
        return (scores.softmax(-1) * kept).matmul(x[2]);
    }

    // The last third of the columns is padding.
    private static Tensor Padding(long batch, long columns)
    {
        var mask = zeros([batch, 1, 1, columns]);
        mask.narrow(3, columns - columns / 3, columns / 3).fill_(-1e9f);
        return mask;
    }

    private static long[][] Shapes(long batch, long heads, long rows, long columns, long width) =>
        [[batch, heads, rows, width], [batch, heads, columns, width], [batch, heads, columns, width]];

    // Sums of width, rows or columns terms, each off by as many roundings of 2^-24; an error of a score is one of its probability.
    private static double Bound(long rows, long columns, long width) => 4 * (width + Math.Max(rows, columns)) * Math.Pow(2, -24);

    [Theory]
    [InlineData(1, 1, 1, 1, 8, 0.0)]
    [InlineData(2, 3, 7, 7, 20, 0.0)]
    [InlineData(2, 3, 7, 7, 20, 0.3)]
    [InlineData(1, 2, 33, 33, 64, 0.1)]
    [InlineData(2, 2, 128, 128, 64, 0.1)]
    [InlineData(1, 2, 300, 130, 8, 0.5)]
    public void Equals_the_composed_operators_in_double(long batch, long heads, long rows, long columns, long width, double p)
    {
        using var scope = NewDisposeScope();
        var (shapes, mask) = (Shapes(batch, heads, rows, columns, width), Padding(batch, columns));
        var bound = Bound(rows, columns, width);
        FusedCheck.AssertClose(
            FusedCheck.Run(x => Composed(x, mask, p), float64, shapes), FusedCheck.Run(x => Fused(x, mask, p), float32, shapes), bound);
        // bf16: arithmetic is in single precision, so only results are rounded, to 2^-8 of themselves.
        FusedCheck.AssertClose(
            FusedCheck.Run(x => Composed(x, mask, p), float64, shapes), FusedCheck.Run(x => Fused(x, mask, p), bfloat16, shapes), bound + (1.0 / 256));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("full")]
    [InlineData("rows and columns")]
    [InlineData("one column")]
    public void Masks_are_broadcast(string kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(41);
        var mask = kind switch { "full" => randn(2, 3, 5, 9), "rows and columns" => randn(5, 9), "one column" => randn(2, 1, 5, 1), _ => null };
        var shapes = Shapes(2, 3, 5, 9, 8);
        FusedCheck.AssertClose(
            FusedCheck.Run(x => Composed(x, mask, 0), float64, shapes), FusedCheck.Run(x => Fused(x, mask, 0), float32, shapes), Bound(5, 9, 8));
    }

    [Fact]
    public void A_truth_value_mask_and_causality_hide_columns()
    {
        using var scope = NewDisposeScope();
        manual_seed(42);
        Tensor[] x = [randn(2, 6, 8), randn(2, 6, 8), randn(2, 6, 8)];
        var seen = ones([6, 6], ScalarType.Bool).tril();
        var expected = Composed(x, zeros(6, 6).masked_fill(seen.logical_not(), double.NegativeInfinity), 0);
        Assert.True(Fused(x, seen, 0).allclose(expected, 1e-5, 1e-6));
        Assert.True(F.scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true).equal(Fused(x, seen, 0)));
    }

    [Fact]
    public void A_sequence_that_is_all_padding_attends_evenly()
    {
        using var scope = NewDisposeScope();
        manual_seed(43);
        Tensor[] x = [randn(1, 2, 5, 8), randn(1, 2, 9, 8), randn(1, 2, 9, 8)];
        Assert.True(Fused(x, full([1, 1, 1, 9], -1e9f), 0).allclose(x[2].mean([2], keepdim: true).expand(1, 2, 5, 8), 1e-5, 1e-6));
    }

    [Fact]
    public void Heads_side_by_side_are_read_and_written_without_copies_and_with_the_same_bits()
    {
        using var scope = NewDisposeScope();
        Func<Tensor[], Tensor> with = x => Fused(x, null, 0.2);
        Func<Tensor[], Tensor> views = x => Fused([.. x.Select(t => t.transpose(1, 2).contiguous().transpose(1, 2))], null, 0.2);
        Func<Tensor[], Tensor> columns = x => Fused([.. x.Select(t => t.transpose(2, 3).contiguous().transpose(2, 3))], null, 0.2);
        var shapes = Shapes(2, 3, 40, 40, 20);
        Assert.Equal(FusedCheck.Run(with, float32, shapes), FusedCheck.Run(views, float32, shapes));
        Assert.Equal(FusedCheck.Run(with, float32, shapes), FusedCheck.Run(columns, float32, shapes));
        Assert.True(with([randn(2, 3, 4, 8), randn(2, 3, 4, 8), randn(2, 3, 4, 8)]).transpose(1, 2).is_contiguous());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Threads_and_instruction_sets_change_no_bit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var mask = Padding(2, 135);
        FusedCheck.AssertSameBitsEverywhere(() => FusedCheck.Run(x => Fused(x, mask, 0.1), type, Shapes(2, 3, 135, 135, 20)));
        FusedCheck.AssertSameBitsEverywhere(() => FusedCheck.Run(x => Fused(x, null, 0.1), type, OneHead(200, 200, 64)));
    }

    [Fact]
    public void Inputs_without_gradient_change_nothing_for_the_others()
    {
        using var scope = NewDisposeScope();
        var all = FusedCheck.Run(x => Fused(x, null, 0.3), float32, Shapes(1, 2, 9, 9, 8));
        var last = FusedCheck.Run(x => Fused([x[0].detach(), x[1].detach(), x[2]], null, 0.3), float32, Shapes(1, 2, 9, 9, 8));
        Assert.Equal(all[3], last[3]);
        Assert.Empty(last[1]);
    }

    [Fact]
    public void In_a_region_of_autocast_the_result_is_bf16()
    {
        using var scope = NewDisposeScope();
        using var mixed = Autocast.To(bfloat16, CPU);
        Assert.Equal(bfloat16, F.scaled_dot_product_attention(randn(1, 1, 4, 8), randn(1, 1, 4, 8), randn(1, 1, 4, 8)).dtype);
    }

    [Fact]
    public void A_mask_that_is_learnt_gets_its_gradient()
    {
        using var scope = NewDisposeScope();
        manual_seed(44);
        var mask = randn(3, 3).requires_grad_();
        Fused([randn(1, 2, 3, 8), randn(1, 2, 3, 8), randn(1, 2, 3, 8)], mask, 0).sum().backward();
        Assert.True(mask.grad!.abs().max().item<float>() > 0 && mask.grad!.sum().abs().item<float>() < 1e-5f);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        void Refused(string part, long[] query, long[] key, long[] value, double p = 0, Tensor? mask = null) =>
            FusedCheck.AssertRefused(part, () => F.scaled_dot_product_attention(ones(query), ones(key), ones(value), mask, p));
        Refused("the same last size", [1, 2, 3, 8], [1, 2, 3, 4], [1, 2, 3, 4]);
        Refused("as many rows", [1, 2, 3, 8], [1, 2, 3, 8], [1, 2, 4, 8]);
        Refused("between 0 and 1", [1, 2, 3, 8], [1, 2, 3, 8], [1, 2, 3, 8], p: 1.5);
        Refused("at least two dimensions", [8], [8], [8]);
        Refused("expand", [1, 2, 3, 8], [1, 2, 3, 8], [1, 2, 3, 8], mask: ones(1, 1, 1, 4));
        FusedCheck.AssertRefused("one data type", () => F.scaled_dot_product_attention(ones([1, 2, 8]), ones([1, 2, 8]), ones([1, 2, 8], bfloat16)));
    }
}
