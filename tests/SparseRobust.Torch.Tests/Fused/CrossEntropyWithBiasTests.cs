using SparseRobust.Torch.Fused;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Fused;

public sealed class CrossEntropyWithBiasTests
{
    private static Tensor Composed(Tensor z, Tensor labels, Tensor? bias) =>
        nn.functional.cross_entropy(bias is null ? z : nn.functional.log_softmax(z, 1) + bias, labels);

    private static (double Loss, float[] Gradient) Run(Func<Tensor, Tensor, Tensor?, Tensor> loss, ScalarType type, bool biased, int classes = 3)
    {
        using var scope = NewDisposeScope();
        manual_seed(31);
        var z = (3 * randn(17, classes)).to_type(ScalarType.BFloat16).to_type(type).detach().requires_grad_();
        var bias = nn.functional.log_softmax(randn([17, classes], ScalarType.Float64), 1);
        var value = loss(z, randint(classes, [17]), biased ? bias.to_type(type == ScalarType.Float64 ? type : ScalarType.Float32) : null);
        (value * 2).backward();
        return (value.to_type(ScalarType.Float64).item<double>(), z.grad!.to_type(ScalarType.Float32).data<float>().ToArray());
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 3)]
    [InlineData(true, 1000)]
    [InlineData(false, 1000)]
    public void Equals_the_two_softmaxes_in_double(bool biased, int classes)
    {
        var expected = Run(Composed, ScalarType.Float64, biased, classes);
        var actual = Run((z, c, b) => FusedOperators.cross_entropy_with_bias(z, c, b), ScalarType.Float32, biased, classes);
        // Numbers around 10, rounded to fp32 once as a bias and, over many classes, once more as a sum.
        Assert.Equal(expected.Loss, actual.Loss, 4e-6);
        Assert.All(expected.Gradient.Zip(actual.Gradient), pair => Assert.Equal(pair.First, pair.Second, 2e-7f));
    }

    [Fact]
    public void Bf16_logits_get_a_gradient_rounded_once()
    {
        var expected = Run(Composed, ScalarType.Float64, true);
        var actual = Run((z, c, b) => FusedOperators.cross_entropy_with_bias(z, c, b), ScalarType.BFloat16, true);
        Assert.Equal(expected.Loss, actual.Loss, 1e-6);
        Assert.All(expected.Gradient.Zip(actual.Gradient), pair => Assert.Equal(pair.First, pair.Second, (float)(Math.Abs(pair.First) / 256 + 1e-9)));
    }

    [Fact]
    public void Gradients_pass_the_check_by_differences_in_double()
    {
        using var scope = NewDisposeScope();
        var bias = nn.functional.log_softmax(randn([4, 3], ScalarType.Float64), 1);
        GradientCheck.Passes(z => FusedOperators.cross_entropy_with_bias(z, tensor(new long[] { 0, 2, 1, 1 }), bias), 4, 3);
    }

    [Fact]
    public void Large_logits_stay_finite()
    {
        using var scope = NewDisposeScope();
        var z = tensor(new float[] { 3e38f, -3e38f, 0 }).reshape(1, 3).requires_grad_();
        var loss = FusedOperators.cross_entropy_with_bias(z, tensor(new long[] { 0 }), tensor(new float[] { -1, -1, -1 }).reshape(1, 3));
        loss.backward();
        Assert.Equal(0, loss.item<float>());
        Assert.Equal([0f, 0, 0], z.grad!.data<float>().ToArray());
    }

    [Fact]
    public void The_bias_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        var bias = zeros([1, 2]).requires_grad_();
        FusedOperators.cross_entropy_with_bias(ones([1, 2]).requires_grad_(), tensor(new long[] { 0 }), bias).backward();
        Assert.Null(bias.grad);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(-100)]
    public void A_label_that_is_no_class_is_refused(long label)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<Exception>(() => FusedOperators.cross_entropy_with_bias(ones(2, 3), tensor(new long[] { 0, label })));
        Assert.Contains($"label {label} of row 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => FusedOperators.cross_entropy_with_bias(ones(2, 3), tensor(new long[] { 0 })));
        Assert.ThrowsAny<Exception>(() => FusedOperators.cross_entropy_with_bias(ones(2, 3), tensor(new long[] { 0, 1 }), ones(2, 2)));
        Assert.ThrowsAny<Exception>(() => FusedOperators.cross_entropy_with_bias(ones(2, 3), ones(2)));
    }
}
