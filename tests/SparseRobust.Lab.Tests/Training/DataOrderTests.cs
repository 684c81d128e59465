using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

public class DataOrderTests
{
    [Fact]
    public void Every_epoch_sees_every_row_once_in_an_order_of_its_own()
    {
        var order = new DataOrder(rows: 10, batchSize: 4, seed: 1);
        var budget = new Budget(6, 3);
        var first = Epoch(order, budget, 0);
        var second = Epoch(order, budget, 1);
        Assert.Equal(Enumerable.Range(0, 10), first.Order());
        Assert.Equal(Enumerable.Range(0, 10), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_batch_depends_on_seed_and_step_alone()
    {
        var budget = new Budget(6, 3);
        var straight = new DataOrder(10, 4, 7);
        var all = Enumerable.Range(1, 6).Select(index => straight.Batch(new Step(index, budget)).ToArray()).ToList();
        Assert.Equal(all[4], new DataOrder(10, 4, 7).Batch(new Step(5, budget)).ToArray());
        Assert.NotEqual(all[4], new DataOrder(10, 4, 8).Batch(new Step(5, budget)).ToArray());
    }

    [Fact]
    public void The_last_batch_of_an_epoch_holds_the_rest() =>
        Assert.Equal(2, new DataOrder(10, 4, 1).Batch(new Step(3, new Budget(6, 3))).Length);

    private static List<int> Epoch(DataOrder order, Budget budget, int epoch) =>
        [.. Enumerable.Range(1, 3).SelectMany(i => order.Batch(new Step(3 * epoch + i, budget)).ToArray())];
}
