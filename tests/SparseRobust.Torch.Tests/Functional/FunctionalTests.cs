using static SparseRobust.Torch.torch;
using F = SparseRobust.Torch.torch.nn.functional;

namespace SparseRobust.Torch.Tests.Functional;

public sealed class FunctionalTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly System.Text.Json.JsonElement _golden = Golden.Root.GetProperty("functions");

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Cross_entropy_equals_pytorch()
    {
        var x = Get("x");
        var target = tensor(_golden.GetProperty("target").EnumerateArray().Select(n => n.GetInt64()).ToArray());
        Assert.Equal(Number("cross_entropy"), F.cross_entropy(x, target).ToSingle(), 1e-6f);
        Assert.Equal(Number("cross_entropy_smoothed"), F.cross_entropy(x, target, label_smoothing: 0.1).ToSingle(), 1e-6f);
        Assert.Equal(Number("cross_entropy_soft"), F.cross_entropy(x, Get("probabilities")).ToSingle(), 1e-6f);
    }

    [Fact]
    public void Layer_norm_equals_pytorch() =>
        Golden.Near(_golden.GetProperty("layer_norm"), F.layer_norm(Get("x"), [6], Get("weight"), Get("bias"), 1e-12));

    [Fact]
    public void Gelu_equals_pytorch()
    {
        Golden.Near(_golden.GetProperty("gelu"), F.gelu(Get("x")));
        Golden.Near(_golden.GetProperty("gelu_tanh"), F.gelu(Get("x"), F.Approximate.tanh));
    }

    [Fact]
    public void Divergences_equal_pytorch()
    {
        var logs = F.log_softmax(Get("x"), 1);
        Assert.Equal(Number("kl_div"), F.kl_div(logs, Get("probabilities"), log_target: false, nn.Reduction.Sum).ToSingle(), 1e-5f);
        Assert.Equal(Number("bce"), F.binary_cross_entropy_with_logits(Get("x"), Get("probabilities")).ToSingle(), 1e-6f);
        Golden.Near(_golden.GetProperty("logsumexp"), Get("x").logsumexp(1));
    }

    [Fact]
    public void Attention_equals_pytorch() => Golden.Near(
        _golden.GetProperty("attention"),
        F.scaled_dot_product_attention(Get("q"), Get("k"), Get("v"), Get("mask")));

    [Fact]
    public void A_boolean_attention_mask_hides_where_it_is_false()
    {
        var seen = tensor(new[] { true, true, false, false, false });
        var weights = F.scaled_dot_product_attention(Get("q"), Get("k"), ones([2, 3, 5, 4]).masked_fill(seen.logical_not().unsqueeze(-1), 9), seen);
        Golden.Near(Enumerable.Repeat(1f, 120).ToArray(), weights);
    }

    [Fact]
    public void Gradients_equal_finite_differences()
    {
        var target = tensor(new long[] { 1, 0, 2 });
        GradientCheck.Passes(x => F.cross_entropy(x, target), 3, 4);
        GradientCheck.Passes(x => F.layer_norm(x, [4]) * x, 3, 4);
        GradientCheck.Passes(x => F.gelu(x), 3, 4);
        GradientCheck.Passes(x => x.softmax(-1) * x, 3, 4);
        GradientCheck.Passes(x => x.matmul(x.transpose(0, 1)), 3, 4);
        GradientCheck.Passes(x => F.scaled_dot_product_attention(x, x, x), 1, 3, 4);
        GradientCheck.Passes(x => x.logsumexp(1), 3, 4);
        GradientCheck.Passes(x => x.select(1, 2) * x.narrow(1, 1, 1).squeeze(1), 3, 4);
    }

    [Fact]
    public void Dropout_repeats_after_the_generator_is_restored()
    {
        var generator = manual_seed(11);
        var state = generator.get_state();
        var first = F.dropout(ones([200]), 0.5);
        var second = F.dropout(ones([200]), 0.5);
        generator.set_state(state);
        var again = F.dropout(ones([200]), 0.5);
        Assert.True(first.equal(again));
        Assert.False(first.equal(second));
        Assert.Equal(200, F.dropout(ones([200]), 0.5, training: false).sum().ToSingle());
    }

    private Tensor Get(string name) => _golden.GetProperty(name).ToTensor();

    private float Number(string name) => _golden.GetProperty(name).GetSingle();
}
