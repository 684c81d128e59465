using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Pruning;

public class IterativeMagnitudeTests
{
    [Fact]
    public void Every_prune_takes_a_tenth_of_all_weights_which_is_one_in_ten_less_n_of_the_rest()
    {
        var levels = new IterativeMagnitudeSpec { Sparsity = 0.9 }.Levels;
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], levels.Select(level => level.Pruning.TargetSparsity));
        var removed = levels.Select(level => Selection.ZeroCount(2520, level.Pruning.TargetSparsity)).Prepend(0).ToList();
        for (var n = 0; n < 9; n++)
            Assert.Equal(1.0 / (10 - n), (double)(removed[n + 1] - removed[n]) / (2520 - removed[n]), 12);
    }

    [Fact]
    public void Masks_nest_level_by_level_with_exact_counts_whatever_the_weights_became_in_between()
    {
        using var scope = NewDisposeScope();
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        MaskSet? last = null;
        foreach (var level in new IterativeMagnitudeSpec { Sparsity = 0.9 }.Levels)
        {
            using var method = level.Pruning.Build(1);
            if (last is not null)
                method.GoOnFrom(model, last);
            method.Begin(model, new Budget(1, 1));
            var masks = method.Masks(model);
            foreach (var (mask, i) in masks.Matrices.Select((mask, i) => (mask, i)))
            {
                Assert.Equal(mask.Rows * mask.Columns - Selection.ZeroCount(mask.Rows * mask.Columns, level.Pruning.TargetSparsity), mask.Kept);
                if (last is not null)
                    Assert.All(mask.Bits.ToArray().Zip(last.Matrices[i].Bits.ToArray()), bits => Assert.Equal(bits.First, bits.First & bits.Second));
            }
            last = masks;
            // Other weights, some zero though kept and some not zero though removed.
            using var noGrad = no_grad();
            foreach (var entry in model.Entries(PrunableSet.SrNets))
                using (var noise = randint(3, entry.Parameter.shape).to_type(ScalarType.Float32))
                    entry.Parameter.copy_(noise);
        }
    }

    [Theory]
    [InlineData(Rewinding.Never, "Never+ Never+ Never+")]
    [InlineData(Rewinding.AtReturn, "Never+ Never+ AtReturn")]
    [InlineData(Rewinding.EveryPrune, "EveryPrune+ EveryPrune+ EveryPrune")]
    public void Only_what_is_returned_without_rewinding_is_trained_after_the_last_prune(Rewinding rewind, string expected) =>
        Assert.Equal(expected, string.Join(' ', new IterativeMagnitudeSpec { Sparsity = 0.3, Rewind = rewind }.Levels
            .Select(level => $"{((IterativeMagnitudeSpec)level.Pruning).Rewind}{(level.Trains ? "+" : "")}")));

    [Fact]
    public void A_level_takes_its_tenth_of_the_training()
    {
        var part = new IterativeMagnitudeSpec { Sparsity = 0.3 }.PartOf(new Budget(64, 32));
        Assert.Equal(new Budget(6, 32) { Horizon = 64, StepsBefore = 12 }, part);
    }
}
