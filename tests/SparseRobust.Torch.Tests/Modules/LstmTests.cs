using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

/// <summary>The module against a cell composed here step by step, values and gradients, in double precision.</summary>
public sealed class LstmTests : IDisposable
{
    private const double Rounding = 1e-10;

    private readonly DisposeScope _scope = NewDisposeScope();

    public LstmTests() => manual_seed(71);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Outputs_and_last_states_are_those_of_the_composed_cell()
    {
        using var lstm = Make();
        var x = randn([5, 3, 4], ScalarType.Float64);
        var (h, c) = (randn([1, 3, 6], ScalarType.Float64), randn([1, 3, 6], ScalarType.Float64));
        foreach (var start in new (Tensor, Tensor)?[] { null, (h, c) })
        {
            var (outputs, last, cell) = lstm.forward(x, start);
            var expected = Composed(lstm, x, start?.Item1.select(0, 0), start?.Item2.select(0, 0), "_l0");
            Assert.Equal([5L, 3L, 6L], outputs.shape);
            AssertClose(expected.Outputs, outputs);
            AssertClose(expected.Outputs.select(0, 4), last.select(0, 0));
            AssertClose(expected.Cell, cell.select(0, 0));
        }
    }

    [Fact]
    public void Gradients_are_those_of_the_composed_cell()
    {
        using var lstm = Make();
        var start = randn([5, 3, 4], ScalarType.Float64);
        var upstream = randn([5, 3, 6], ScalarType.Float64);
        List<Tensor> Gradients(Func<Tensor, Tensor> function)
        {
            lstm.zero_grad();
            var x = start.clone().requires_grad_();
            (function(x) * upstream).sum().backward();
            return [x.grad!, .. lstm.parameters().Select(parameter => parameter.grad!.clone())];
        }
        var expected = Gradients(x => Composed(lstm, x, null, null, "_l0").Outputs);
        var actual = Gradients(x => lstm.forward(x, null).Item1);
        Assert.Equal(5, actual.Count);
        foreach (var (ours, theirs) in actual.Zip(expected))
            AssertClose(theirs, ours);
    }

    [Fact]
    public void The_other_direction_reads_from_the_end()
    {
        using var lstm = Make(bidirectional: true);
        var x = randn([5, 3, 4], ScalarType.Float64);
        var (outputs, last, _) = lstm.forward(x, null);
        Assert.Equal([5L, 3L, 12L], outputs.shape);
        Assert.Equal([2L, 3L, 6L], last.shape);
        AssertClose(Composed(lstm, x, null, null, "_l0").Outputs, outputs.narrow(2, 0, 6));
        AssertClose(Composed(lstm, x.flip(0), null, null, "_l0_reverse").Outputs.flip(0), outputs.narrow(2, 6, 6));
    }

    [Fact]
    public void A_layer_reads_the_outputs_of_the_one_below()
    {
        using var lstm = Make(layers: 2);
        var x = randn([5, 3, 4], ScalarType.Float64);
        AssertClose(Composed(lstm, Composed(lstm, x, null, null, "_l0").Outputs, null, null, "_l1").Outputs, lstm.forward(x, null).Item1);
    }

    [Fact]
    public void The_batch_may_come_first()
    {
        using var lstm = nn.LSTM(4, 6, batchFirst: true);
        using var other = nn.LSTM(4, 6);
        other.load_state_dict(lstm.state_dict());
        var x = randn(3, 5, 4);
        Assert.True(lstm.forward(x, null).Item1.transpose(0, 1).allclose(other.forward(x.transpose(0, 1), null).Item1, 1e-6, 1e-6));
    }

    [Fact]
    public void Parameters_have_the_known_names_shapes_and_spread()
    {
        using var lstm = nn.LSTM(4, 16, bidirectional: true);
        Assert.Equal(
            ["weight_ih_l0 64x4", "weight_hh_l0 64x16", "bias_ih_l0 64", "bias_hh_l0 64", "weight_ih_l0_reverse 64x4", "weight_hh_l0_reverse 64x16", "bias_ih_l0_reverse 64", "bias_hh_l0_reverse 64"],
            lstm.named_parameters().Select(entry => $"{entry.name} {string.Join('x', entry.parameter.shape)}"));
        Assert.All(lstm.parameters(), parameter => Assert.InRange(parameter.abs().max().ToDouble(), 0.15, 0.25));
        using var plain = nn.LSTM(4, 6, bias: false);
        Assert.Equal(["weight_ih_l0", "weight_hh_l0"], plain.named_parameters().Select(entry => entry.name));
    }

    private static LSTM Make(long layers = 1, bool bidirectional = false) => nn.LSTM(4, 6, layers, bidirectional: bidirectional, dtype: ScalarType.Float64);

    private static (Tensor Outputs, Tensor Cell) Composed(LSTM lstm, Tensor x, Tensor? h, Tensor? c, string suffix)
    {
        Tensor Weight(string name) => lstm.get_parameter(name + suffix)!;
        h ??= zeros([x.shape[1], 6], ScalarType.Float64);
        c ??= zeros([x.shape[1], 6], ScalarType.Float64);
        var outputs = new List<Tensor>();
        for (var t = 0; t < x.shape[0]; t++)
        {
            var gates = x.select(0, t).matmul(Weight("weight_ih").t()) + Weight("bias_ih") + h.matmul(Weight("weight_hh").t()) + Weight("bias_hh");
            var (i, f, g, o) = (gates.narrow(1, 0, 6), gates.narrow(1, 6, 6), gates.narrow(1, 12, 6), gates.narrow(1, 18, 6));
            c = (f.sigmoid() * c) + (i.sigmoid() * g.tanh());
            h = o.sigmoid() * c.tanh();
            outputs.Add(h);
        }
        return (stack(outputs), c);
    }

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.True(actual.allclose(expected, Rounding, Rounding));
}
