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
    public void A_part_of_a_training_takes_the_rows_that_the_whole_would_have_come_to()
    {
        var (whole, part) = (new Budget(6, 3), new Budget(2, 3) { Horizon = 6, StepsBefore = 4 });
        Assert.Equal(new DataOrder(10, 4, 7).Batch(new Step(5, whole)).ToArray(), new DataOrder(10, 4, 7).Batch(new Step(1, part)).ToArray());
    }

    [Fact]
    public void The_last_batch_of_an_epoch_holds_the_rest() =>
        Assert.Equal(2, new DataOrder(10, 4, 1).Batch(new Step(3, new Budget(6, 3))).Length);

    // Whoever changes these numbers changes every result and raises RunRecipe.SchemaVersion (ADR 0009).
    [Fact]
    public void The_order_of_a_seed_is_pinned()
    {
        var budget = new Budget(6, 3);
        Assert.Equal([6, 5, 4, 2, 8, 0, 3, 9, 1, 7], Epoch(new DataOrder(10, 4, 1), budget, 1));
        Assert.Equal([5, 4, 3, 2, 0, 9, 8, 6, 1, 7], Epoch(Grouped(10, 4, 1, batches: 2), budget, 1));
    }

    [Theory]
    [InlineData(103, 8, 4)]
    [InlineData(103, 8, 5)]
    [InlineData(96, 8, 1)]
    [InlineData(7, 8, 2)]
    [InlineData(103, 8, int.MaxValue)]
    public void Grouped_by_length_an_epoch_still_sees_every_row_once_in_batches_of_the_same_sizes(int rows, int batchSize, int batches)
    {
        var budget = Budget.Of(rows, batchSize, epochs: 2);
        var plain = Batches(new DataOrder(rows, batchSize, 3), budget);
        var grouped = Batches(Grouped(rows, batchSize, 3, batches), budget);
        Assert.Equal(plain.Select(batch => batch.Length), grouped.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, rows), grouped.Take(budget.StepsPerEpoch).SelectMany(batch => batch).Order());
        Assert.Equal(Enumerable.Range(0, rows), grouped.Skip(budget.StepsPerEpoch).SelectMany(batch => batch).Order());
    }

    [Fact]
    public void A_grouped_batch_depends_on_seed_and_step_alone()
    {
        var budget = Budget.Of(103, 8, epochs: 3);
        var straight = Batches(Grouped(103, 8, 7, batches: 4), budget);
        for (var index = budget.TotalSteps; index > 0; index -= 5)
            Assert.Equal(straight[index - 1], Grouped(103, 8, 7, batches: 4).Batch(new Step(index, budget)).ToArray());
        Assert.NotEqual(straight, Batches(Grouped(103, 8, 8, batches: 4), budget));
    }

    [Fact]
    public void Grouping_sorts_each_window_of_the_shuffle_by_length_and_cuts_it_into_batches()
    {
        const int size = 8, batches = 4;
        var budget = Budget.Of(103, size, epochs: 1);
        var shuffle = Batches(new DataOrder(103, size, 3), budget);
        var grouped = Batches(Grouped(103, size, 3, batches), budget);
        foreach (var window in shuffle.Take(12).Chunk(batches))
        {
            var rows = window.SelectMany(batch => batch).ToHashSet();
            var inside = grouped.Where(batch => rows.Contains(batch[0])).ToList();
            Assert.Equal(rows.Order(), inside.SelectMany(batch => batch).Order());
            var byLength = inside.OrderBy(batch => Length(batch[0])).ThenBy(batch => Length(batch[^1])).SelectMany(batch => batch).Select(Length).ToList();
            Assert.Equal(byLength.Order(), byLength);
        }
        Assert.Equal(shuffle[12], grouped[12]); // the 7 rows that make no full batch stay as they were
        Assert.True(Padding(grouped) < Padding(shuffle) / 2, $"{Padding(grouped)} of {Padding(shuffle)}");
    }

    [Fact]
    public void The_batches_of_a_window_are_spread_over_the_epoch()
    {
        var budget = Budget.Of(400, 8, epochs: 1);
        var longest = Batches(Grouped(400, 8, 1, batches: 50), budget).Select(batch => batch.Max(Length)).ToList();
        Assert.NotEqual(longest.Order(), longest);
        Assert.NotEqual(longest.OrderDescending(), longest);
        Assert.Contains(longest[..25].Max(), longest.Order().Skip(40));
        Assert.Contains(longest[25..].Max(), longest.Order().Skip(40));
    }

    private static int Length(int row) => 5 + row * 37 % 41;

    private static int Padding(IEnumerable<int[]> batches) => batches.Sum(batch => batch.Length * batch.Max(Length) - batch.Sum(Length));

    private static DataOrder Grouped(int rows, int batchSize, long seed, int batches) =>
        new(rows, batchSize, seed, new LengthGrouping([.. Enumerable.Range(0, rows).Select(Length)], batches));

    private static List<int[]> Batches(DataOrder order, Budget budget) =>
        [.. Enumerable.Range(1, budget.TotalSteps).Select(index => order.Batch(new Step(index, budget)).ToArray())];

    private static List<int> Epoch(DataOrder order, Budget budget, int epoch) =>
        [.. Enumerable.Range(1, 3).SelectMany(i => order.Batch(new Step(3 * epoch + i, budget)).ToArray())];
}
