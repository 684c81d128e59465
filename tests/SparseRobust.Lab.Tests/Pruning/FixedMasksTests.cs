using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Pruning;

/// <summary>What holds for every method whose masks stay as they were chosen.</summary>
public class FixedMasksTests
{
    public static IEnumerable<object[]> MethodsAndPrecisions =>
        from spec in new PruningSpec[] { new MagnitudeSpec { Sparsity = 0.5 }, new MagnitudeSpec { Sparsity = 0.5, Scope = PruningScope.Global }, new RandomPruningSpec { Sparsity = 0.5 }, new IterativeMagnitudeSpec { Sparsity = 0.5 } }
        from mixed in new[] { false, true }
        select new object[] { spec, mixed };

    [Theory]
    [MemberData(nameof(MethodsAndPrecisions))]
    public void Removed_weights_are_exactly_zero_after_updates_and_the_others_move(PruningSpec spec, bool isMixed)
    {
        using var scope = NewDisposeScope();
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        using var method = spec.Build(1);
        method.Begin(model, new Budget(3, 3));
        var before = Weights(model);
        using var optimizer = optim.AdamW(bert.parameters(), 1e-2, weight_decay: 0.1);
        for (var step = 0; step < 3; step++)
        {
            using (isMixed ? Engine.MixedPrecision(CPU) : null)
                bert.forward(tensor(new long[] { 2, 5, 3 }, [1, 3]), zeros([1, 3], ScalarType.Int64), ones([1, 3])).to_type(ScalarType.Float32).square().sum().backward();
            optimizer.step();
            optimizer.zero_grad();
        }
        foreach (var ((mask, first), last) in method.Masks(model).Matrices.Zip(before).Zip(Weights(model)))
        {
            var kept = Enumerable.Range(0, first.Length).ToLookup(i => ((mask.Bits.Span[i >> 3] >> (i & 7)) & 1) == 1);
            Assert.All(kept[false], i => Assert.Equal(0f, last[i]));
            Assert.All(kept[true], i => Assert.NotEqual(first[i], last[i]));
            Assert.NotEmpty(kept[false]);
        }
    }

    private static List<float[]> Weights(PrunableModel model) => [.. model.Entries(PrunableSet.SrNets).Select(entry => entry.Parameter.data<float>().ToArray())];
}
