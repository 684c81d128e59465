using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Training;

/// <summary>Which rows each update sees: every epoch a fresh shuffle that depends only on the seed and the epoch, so a resumed run needs no state for it.</summary>
/// <param name="rows">Training rows.</param>
/// <param name="batchSize">Rows an update; the last batch of an epoch holds the rest.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="grouping">Puts rows of like length together; null leaves the shuffle as it is.</param>
internal sealed class DataOrder(int rows, int batchSize, long seed, LengthGrouping? grouping = null)
{
    private const long Purpose = 0x6f72646572; // keeps this stream apart from other uses of the same seed

    private int _epoch = -1;
    private int[] _order = [];

    public ReadOnlySpan<int> Batch(Step step)
    {
        var update = step.Overall - 1;
        var epoch = update / step.Budget.StepsPerEpoch;
        if (epoch != _epoch)
        {
            var random = SplitMix64.From(Purpose, seed, epoch);
            _order = random.Permutation(rows);
            grouping?.Apply(_order, batchSize, random);
            _epoch = epoch;
        }
        var start = update % step.Budget.StepsPerEpoch * batchSize;
        return _order.AsSpan(start, Math.Min(batchSize, rows - start));
    }
}
