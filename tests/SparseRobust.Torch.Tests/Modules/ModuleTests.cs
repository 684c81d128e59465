using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

public sealed class ModuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Net _net = new();

    public void Dispose()
    {
        _net.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Fields_are_registered_under_their_names()
    {
        Assert.Equal(
            ["scale", "first.weight", "first.bias", "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"],
            _net.named_parameters().Select(p => p.name));
        Assert.Equal(["offset"], _net.named_buffers().Select(b => b.name));
        Assert.Equal(["first", "drop", "layers", "layers.0", "layers.1"], _net.named_modules().Select(m => m.name));
        Assert.Equal(8, _net.state_dict().Count);
    }

    [Fact]
    public void Training_mode_reaches_all_modules()
    {
        _net.eval();
        Assert.All(_net.modules(), m => Assert.False(m.training));
        _net.train();
        Assert.All(_net.modules(), m => Assert.True(m.training));
    }

    [Fact]
    public void A_loaded_state_gives_equal_outputs()
    {
        using var other = new Net();
        _net.eval();
        other.eval();
        other.load_state_dict(_net.state_dict());
        var x = randn([5, 4]);
        Assert.True(_net.call(x).equal(other.call(x)));
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused()
    {
        var state = _net.state_dict();
        state.Remove("scale");
        state["stray"] = ones(1);
        var error = Assert.Throws<InvalidOperationException>(() => _net.load_state_dict(state));
        Assert.Contains("missing [scale], unexpected [stray]", error.Message);
        var (missing, unexpected) = _net.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["stray"], unexpected);
        state["first.bias"] = ones(9);
        Assert.Contains("first.bias", Assert.Throws<ArgumentException>(() => _net.load_state_dict(state, strict: false)).Message);
    }

    [Fact]
    public void Gradients_reach_every_parameter_and_are_forgotten()
    {
        _net.eval();
        _net.call(randn([5, 4])).sum().backward();
        Assert.All(_net.parameters(), p => Assert.NotNull(p.grad));
        _net.zero_grad();
        Assert.All(_net.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Conversion_keeps_parameter_objects()
    {
        var weight = _net.first.weight;
        _net.to(float64);
        Assert.Same(weight, _net.first.weight);
        Assert.Equal(float64, weight.dtype);
        Assert.True(weight.is_leaf && weight.requires_grad);
        _net.call(randn([5, 4], float64)).sum().backward();
        Assert.Equal(float64, weight.grad!.dtype);
    }

    [Fact]
    public void Embedding_padding_gets_no_gradient()
    {
        using var table = nn.Embedding(5, 3, padding_idx: 0);
        Assert.Equal(0, table.weight.select(0, 0).abs().sum().ToSingle());
        table.call(tensor(new long[] { 0, 2, 2 })).sum().backward();
        Assert.Equal([0f, 0, 6, 0, 0], table.weight.grad!.sum([1]).data<float>().ToArray());
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        internal readonly Parameter scale = nn.Parameter(ones(3));
        internal readonly Linear first = nn.Linear(4, 3);
        internal readonly Dropout drop = nn.Dropout(0.1);
        internal readonly ModuleList<Linear> layers = nn.ModuleList(nn.Linear(3, 3), nn.Linear(3, 3));
        internal readonly Tensor offset = zeros(3);

        internal Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = drop.call(first.call(input)) * scale + offset;
            foreach (var layer in layers)
                x = layer.call(x).tanh();
            return x.MoveToOuterDisposeScope();
        }
    }
}
