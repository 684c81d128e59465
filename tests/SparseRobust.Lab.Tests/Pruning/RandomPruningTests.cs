using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Pruning;

public class RandomPruningTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.95)]
    public void Every_matrix_of_encoder_and_pooler_loses_exactly_its_share(double sparsity)
    {
        var masks = Masks(sparsity);
        Assert.Equal(13, masks.Count);
        Assert.All(masks, mask => Assert.Equal(mask.Rows * mask.Columns - Selection.ZeroCount(mask.Rows * mask.Columns, sparsity), mask.Kept));
    }

    [Fact]
    public void The_choice_depends_on_seed_and_matrix_and_not_on_the_weights()
    {
        var (one, other) = (Masks(0.5, modelSeed: 1), Masks(0.5, modelSeed: 2));
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First.Bits.ToArray(), pair.Second.Bits.ToArray()));
        Assert.All(one.Zip(Masks(0.5, seed: 2)), pair => Assert.NotEqual(pair.First.Bits.ToArray(), pair.Second.Bits.ToArray()));
        // Query, key, value and attention's output of both layers, and the pooler, have the same shape.
        Assert.Equal(9, one.Where(mask => mask.Rows * mask.Columns == 256).Select(mask => Convert.ToHexString(mask.Bits.Span)).Distinct().Count());
    }

    [Fact]
    public void A_lower_sparsity_removes_a_part_of_what_a_higher_one_does() => Assert.All(Masks(0.3).Zip(Masks(0.7)), pair =>
        Assert.All(pair.First.Bits.ToArray().Zip(pair.Second.Bits.ToArray()), bits => Assert.Equal(bits.Second, bits.First & bits.Second)));

    /// <summary>Over 400 seeds each weight is kept 200 times on average with standard deviation 10; none of 256 strays by five of them.</summary>
    [Fact]
    public void No_place_is_preferred()
    {
        var kept = new int[256];
        for (var seed = 1; seed <= 400; seed++)
        {
            var bits = Masks(0.5, seed)[0].Bits.Span;
            for (var i = 0; i < kept.Length; i++)
                kept[i] += (bits[i >> 3] >> (i & 7)) & 1;
        }
        Assert.All(kept, times => Assert.InRange(times, 150, 250));
    }

    private static IReadOnlyList<MatrixMask> Masks(double sparsity, long seed = 1, long modelSeed = 1)
    {
        using var bert = TinyBert.Create(modelSeed);
        var model = new PrunableModel(bert);
        using var method = new RandomPruningSpec { Sparsity = sparsity }.Build(seed);
        method.Begin(model, new Budget(1, 1));
        return method.Masks(model).Matrices;
    }
}
