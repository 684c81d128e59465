using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Modules;
using SparseRobust.Torch.Precision;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Precision;

public class AutocastTests
{
    public static TheoryData<string, ScalarType> Types => new()
    {
        { "matmul", bfloat16 },
        { "mm", bfloat16 },
        { "linear", bfloat16 },
        { "gelu", bfloat16 },
        { "tanh", bfloat16 },
        { "dropout", bfloat16 },
        { "masked_fill", bfloat16 },
        { "bfloat16 + float", float32 },
        { "embedding", float32 },
        { "layer_norm", float32 },
        { "softmax", float32 },
        { "log_softmax", float32 },
        { "cross_entropy", float32 },
        { "nll_loss", float32 },
        { "kl_div", float32 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_operation_has_its_type(string operation, ScalarType expected)
    {
        using var scope = NewDisposeScope();
        using var mixed = Autocast.To(bfloat16, CPU);
        Assert.Equal(expected, Apply(operation, randn([4, 8])).dtype);
    }

    // Lower is what a matrix product gave, so the operations that are named Float32 above are so for it too.
    private static Tensor Apply(string operation, Tensor full)
    {
        var lower = full.to_type(bfloat16);
        var classes = zeros([4], int64);
        return operation switch
        {
            "matmul" => full.matmul(full.t()),
            "mm" => full.mm(full.t()),
            "linear" => nn.functional.linear(full, ones([3, 8]), ones([3])),
            "gelu" => nn.functional.gelu(lower),
            "tanh" => lower.tanh(),
            "dropout" => nn.functional.dropout(lower),
            "masked_fill" => lower.masked_fill(lower > 0, 0),
            "bfloat16 + float" => lower + full,
            "embedding" => nn.functional.embedding(classes, full),
            "layer_norm" => nn.functional.layer_norm(lower, [8], ones([8]), zeros([8])),
            "softmax" => nn.functional.softmax(lower, -1),
            "log_softmax" => nn.functional.log_softmax(lower, -1),
            "cross_entropy" => nn.functional.cross_entropy(lower, classes),
            "nll_loss" => nn.functional.nll_loss(lower, classes),
            "kl_div" => nn.functional.kl_div(lower, lower),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
    }

    [Fact]
    public void A_product_is_that_of_the_rounded_factors()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (randn([8, 32]), randn([16, 32]));
        var exact = x.to_type(bfloat16).to_type(float64).matmul(w.to_type(bfloat16).to_type(float64).t());
        using var mixed = Autocast.To(bfloat16, CPU);
        var error = (x.matmul(w.t()).to_type(float64) - exact).abs();
        // Sums are kept in Float32 and rounded once: half a unit in the last of 8 bits, and a little for the sum.
        Assert.True((error <= exact.abs() / 256 + 1e-4).all().ToBoolean());
        Assert.True(error.max().ToDouble() > 1e-5, "nothing was rounded");
    }

    [Fact]
    public void Layer_norm_and_softmax_of_a_lower_type_are_those_of_its_values_in_Float32()
    {
        using var scope = NewDisposeScope();
        var lower = randn([4, 8]).to_type(bfloat16);
        var full = lower.to_type(float32);
        var expected = (nn.functional.layer_norm(full, [8], ones([8]), zeros([8])), nn.functional.softmax(full, -1));
        using var mixed = Autocast.To(bfloat16, CPU);
        Assert.True(nn.functional.layer_norm(lower, [8], ones([8]), zeros([8])).equal(expected.Item1));
        Assert.True(nn.functional.softmax(lower, -1).equal(expected.Item2));
    }

    [Fact]
    public void Gradients_reach_parameters_in_Float32_through_every_kind_of_operation()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var table = nn.Embedding(5, 8);
        using var linear = nn.Linear(8, 8);
        using var norm = nn.LayerNorm(8);
        using var head = nn.Linear(8, 4);
        var ids = tensor(new long[] { 0, 1, 2, 3 });
        Tensor Loss()
        {
            var hidden = norm.forward(linear.forward(table.forward(ids)));
            return nn.functional.cross_entropy(nn.functional.log_softmax(head.forward(hidden), -1), ids);
        }
        Tensor loss;
        using (Autocast.To(bfloat16, CPU))
            loss = Loss();
        Assert.Equal(float32, loss.dtype);
        loss.backward();
        Parameter[] parameters = [.. table.parameters(), .. linear.parameters(), .. norm.parameters(), .. head.parameters()];
        Assert.Equal(7, parameters.Length);
        var mixed = parameters.Select(parameter => parameter.grad!.clone()).ToArray();
        Assert.All(mixed, gradient => Assert.Equal(float32, gradient.dtype));
        foreach (var parameter in parameters)
            parameter.grad = null;
        Loss().backward();
        foreach (var (parameter, gradient) in parameters.Zip(mixed))
        {
            var relative = ((gradient - parameter.grad!).norm() / parameter.grad!.norm()).ToSingle();
            // A dozen roundings of at most 2^-8 each follow one another on the way there and back.
            Assert.InRange(relative, 1e-7f, 12 / 256f);
        }
    }

    [Fact]
    public void A_changed_parameter_counts_from_the_next_region_on()
    {
        using var scope = NewDisposeScope();
        var weight = ones([1, 1], requires_grad: true);
        Assert.Equal(1, Product(weight));
        using (no_grad())
            weight.add_(1);
        Assert.Equal(2, Product(weight));

        static float Product(Tensor weight)
        {
            using var mixed = Autocast.To(bfloat16, CPU);
            using (Autocast.To(bfloat16, CPU))
                _ = ones([1, 1]).mm(weight);
            return ones([1, 1]).mm(weight).to_type(float32).item<float>();
        }
    }

    [Fact]
    public void Regions_nest_and_Float32_switches_one_off()
    {
        Assert.Null(Autocast.TypeOn(CPU));
        using (Autocast.To(bfloat16, CPU))
        {
            using (Autocast.To(float32, CPU))
            {
                Assert.Null(Autocast.TypeOn(CPU));
                using (Autocast.To(bfloat16, CPU))
                    Assert.Equal(bfloat16, Autocast.TypeOn(CPU));
                Assert.Null(Autocast.TypeOn(CPU));
            }
            Assert.Equal(bfloat16, Autocast.TypeOn(CPU));
        }
        Assert.Null(Autocast.TypeOn(CPU));
    }

    [Fact]
    public void An_exception_leaves_its_regions()
    {
        Assert.Throws<TorchException>(() =>
        {
            using var scope = NewDisposeScope();
            using var outer = Autocast.To(bfloat16, CPU);
            using var inner = Autocast.To(float32, CPU);
            _ = ones([2, 3]).matmul(ones([2, 3]));
        });
        Assert.Null(Autocast.TypeOn(CPU));
    }

    [Fact]
    public void Leaving_an_outer_region_leaves_those_inside_it_and_twice_is_once()
    {
        using var before = Autocast.To(bfloat16, CPU);
        var outer = Autocast.To(float32, CPU);
        var inner = Autocast.To(bfloat16, CPU);
        outer.Dispose();
        Assert.Equal(bfloat16, Autocast.TypeOn(CPU));
        inner.Dispose();
        outer.Dispose();
        Assert.Equal(bfloat16, Autocast.TypeOn(CPU));
    }

    [Fact]
    public void Devices_are_apart()
    {
        using var mixed = Autocast.To(bfloat16, CUDA);
        Assert.Equal(bfloat16, Autocast.TypeOn(CUDA));
        Assert.Null(Autocast.TypeOn(CPU));
    }

    [Fact]
    public void Another_thread_is_untouched_and_cannot_leave_the_region()
    {
        using var mixed = Autocast.To(bfloat16, CPU);
        ScalarType? type = bfloat16;
        ScalarType product = bfloat16;
        Exception? refusal = null;
        var thread = new Thread(() =>
        {
            using var scope = NewDisposeScope();
            type = Autocast.TypeOn(CPU);
            product = ones([2, 2]).mm(ones([2, 2])).dtype;
            refusal = Record.Exception(mixed.Dispose);
        });
        thread.Start();
        thread.Join();
        Assert.Null(type);
        Assert.Equal(float32, product);
        Assert.IsType<InvalidOperationException>(refusal);
        Assert.Equal(bfloat16, Autocast.TypeOn(CPU));
    }

    [Fact]
    public void What_cannot_be_cast_to_is_refused_and_enters_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Autocast.To(float16, CPU));
        Assert.Throws<TorchException>(() => Autocast.To(bfloat16, new Device("meta")));
        Assert.Null(Autocast.TypeOn(CPU));
    }
}
