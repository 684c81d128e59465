using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class DropoutTests
{
    private const int Many = 1 << 20;

    [Fact]
    public void Keeps_a_share_of_one_minus_p_and_scales_it()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var y = nn.functional.dropout(ones(Many), 0.1);
        var kept = y.ne(0).sum().item<long>() / (double)Many;
        // Five standard deviations of a binomial share.
        Assert.Equal(0.9, kept, 5 * Math.Sqrt(0.9 * 0.1 / Many));
        Assert.Equal([0f, 1 / 0.9f], y.data<float>().ToArray().Distinct().Order());
    }

    [Fact]
    public void Neighbours_and_neighbouring_rows_are_dropped_independently()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var dropped = nn.functional.dropout(ones(Many), 0.5).eq(0).to_type(ScalarType.Float64) * 2 - 1;
        foreach (var lag in new[] { 1, 2, 3, 16, 64, 128, 256, 768, 1024, 4096, 65536 })
        {
            var correlation = (dropped.narrow(0, 0, Many - lag) * dropped.narrow(0, lag, Many - lag)).mean().ToDouble();
            Assert.Equal(0, correlation, 5 / Math.Sqrt(Many - lag));
        }
    }

    [Fact]
    public void Two_calls_draw_independent_masks()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var first = nn.functional.dropout(ones(Many), 0.5).eq(0).to_type(ScalarType.Float64) * 2 - 1;
        var second = nn.functional.dropout(ones(Many), 0.5).eq(0).to_type(ScalarType.Float64) * 2 - 1;
        Assert.Equal(0, (first * second).mean().ToDouble(), 5 / Math.Sqrt(Many));
    }

    [Fact]
    public void A_saved_generator_state_gives_the_mask_again()
    {
        using var scope = NewDisposeScope();
        var generator = manual_seed(4);
        nn.functional.dropout(ones(10), 0.5);
        var state = generator.get_state();
        var first = nn.functional.dropout(ones(1000), 0.5).data<float>().ToArray();
        generator.set_state(state);
        Assert.Equal(first, nn.functional.dropout(ones(1000), 0.5).data<float>().ToArray());
    }

    [Fact]
    public void The_mask_is_the_same_for_any_number_of_threads()
    {
        var before = get_num_threads();
        float[] With(int threads)
        {
            using var scope = NewDisposeScope();
            set_num_threads(threads);
            manual_seed(5);
            return nn.functional.dropout(ones(100_003), 0.3).data<float>().ToArray();
        }
        try
        {
            Assert.Equal(With(1), With(2));
            Assert.Equal(With(1), With(3));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Every_instruction_set_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var x = randn(10_007);
        var results = CpuCapability.Each(() =>
        {
            manual_seed(6);
            return nn.functional.dropout(x, 0.3).data<float>().ToArray();
        }).ToList();
        Assert.All(results, result => Assert.Equal(results[0].Result, result.Result));
    }

    [Fact]
    public void Backward_uses_the_mask_of_forward()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var x = ones(5000).requires_grad_();
        var y = nn.functional.dropout(x, 0.4);
        (y * 3).sum().backward();
        Assert.Equal((y * 3).data<float>().ToArray(), x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void In_bf16_the_mask_is_that_of_fp32_and_values_are_rounded_once()
    {
        using var scope = NewDisposeScope();
        var x = randn(4099).to_type(ScalarType.BFloat16);
        manual_seed(8);
        var wide = nn.functional.dropout(x.to_type(ScalarType.Float32), 0.1);
        manual_seed(8);
        var narrow = nn.functional.dropout(x, 0.1);
        Assert.Equal(ScalarType.BFloat16, narrow.dtype);
        Assert.True(narrow.to_type(ScalarType.Float32).equal(wide.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32)));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Probability_one_drops_everything_and_zero_nothing(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = randn(1000).to_type(type);
        Assert.Equal(0, nn.functional.dropout(x, 1).ne(0).sum().item<long>());
        Assert.True(nn.functional.dropout(x, 0).equal(x));
        Assert.True(nn.functional.dropout(x, 0.9, training: false).equal(x));
    }

    [Fact]
    public void A_transposed_view_is_dropped_by_its_logical_order()
    {
        using var scope = NewDisposeScope();
        var x = randn(33, 65);
        manual_seed(9);
        var straight = nn.functional.dropout(x.transpose(0, 1).contiguous(), 0.5);
        manual_seed(9);
        Assert.True(nn.functional.dropout(x.transpose(0, 1), 0.5).equal(straight));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void A_probability_outside_zero_to_one_is_refused(double p)
    {
        using var scope = NewDisposeScope();
        Assert.Throws<TorchException>(() => nn.functional.dropout(ones(3), p));
    }
}
