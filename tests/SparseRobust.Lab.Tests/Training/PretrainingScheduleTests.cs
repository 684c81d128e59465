using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Pretraining;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

public sealed class PretrainingScheduleTests : IDisposable
{
    private const int DevEvery = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly CorpusTokens _corpus;

    public PretrainingScheduleTests() => _corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(60, seed: 1));

    public void Dispose()
    {
        _corpus.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_pass_sees_each_of_its_examples_at_most_once_and_drops_fewer_than_an_update()
    {
        var spec = Spec(steps: 60);
        var passes = Updates(spec).GroupBy(update => update.Examples.Pass.Epoch).ToList();
        Assert.True(passes.Count > 2, $"{passes.Count} passes");
        foreach (var pass in passes.SkipLast(1))
        {
            var rows = pass.SelectMany(update => update.Rows).ToList();
            Assert.Equal(rows.Count, rows.Distinct().Count());
            Assert.InRange(pass.First().Examples.Count - rows.Count, 0, spec.RowsAnUpdate - 1);
        }
        Assert.NotEqual(passes[0].SelectMany(update => update.Rows).Take(20), passes[1].SelectMany(update => update.Rows).Take(20));
    }

    [Theory]
    [InlineData(0, 0.9, 0)]
    [InlineData(16, 0.5, 20)]
    [InlineData(16, 0.33, 13)]
    public void Short_examples_come_first(int length, double share, int shortUpdates)
    {
        var updates = Updates(Spec(steps: 40) with { ShortSequenceLength = length, ShortSequenceShare = share });
        Assert.All(updates.Take(shortUpdates), update => Assert.Equal(length, update.Examples.Pass.MaxLength));
        Assert.All(updates.Skip(shortUpdates), update => Assert.Equal(32, update.Examples.Pass.MaxLength));
    }

    [Fact]
    public void Started_in_the_midst_it_goes_on_as_it_would_have()
    {
        var spec = Spec(steps: 50) with { ShortSequenceLength = 12, ShortSequenceShare = 0.6 };
        var whole = Updates(spec);
        foreach (var first in new[] { 1, 17, 30, 49 })
        {
            var (examples, rows) = Schedule(spec).Of(first);
            Assert.Equal(whole[first].Examples.Pass, examples.Pass);
            Assert.Equal(whole[first].Rows, rows.ToArray());
        }
    }

    [Fact]
    public void Another_seed_sees_other_examples() =>
        Assert.NotEqual(Schedule(Spec(10), seed: 1).Of(0).Rows.ToArray(), Schedule(Spec(10), seed: 2).Of(0).Rows.ToArray());

    [Fact]
    public void A_text_too_small_for_one_update_is_refused_with_both_numbers()
    {
        var refusal = Assert.Throws<LabException>(() => Schedule(Spec(10) with { PerDeviceTrainBatchSize = 5000 }).Budget);
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains("10000", refusal.Message, StringComparison.Ordinal);
    }

    private static PretrainingSpec Spec(int steps) => new() { MaxSteps = steps, PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2 };

    private PretrainingSchedule Schedule(PretrainingSpec spec, long seed = 1) => new(_corpus, spec, (32, DevEvery, seed));

    private List<(PretrainingExamples Examples, int[] Rows)> Updates(PretrainingSpec spec)
    {
        var schedule = Schedule(spec);
        return [.. Enumerable.Range(0, spec.MaxSteps).Select(schedule.Of).Select(update => (update.Examples, update.Rows.ToArray()))];
    }
}
