using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Serving;

namespace SparseRobust.Lab.Tests.Serving;

public sealed class WorkQueueTests : IDisposable
{
    private readonly Predictor _first = TinyModelFolder.Predictor(1);
    private readonly Predictor _second = TinyModelFolder.Predictor(2);

    [Fact]
    public void A_batch_holds_what_fits_the_budget_with_padding_counted()
    {
        var queue = new WorkQueue(new MicroBatcherOptions { MaxBatchTokens = 64 });
        QueuedRow[] rows = [.. new[] { 10, 10, 10, 20, 32, 5 }.Select(tokens => Row(_first, tokens))];
        queue.Add(rows);
        Assert.Equal(rows[..3], queue.Take()!); // a fourth of 20 would make 80
        Assert.Equal(rows[3..5], queue.Take()!); // 2 x 32 is the budget exactly
        Assert.Equal(rows[5..], queue.Take()!);
    }

    [Fact]
    public void A_row_longer_than_the_budget_runs_alone()
    {
        var queue = new WorkQueue(new MicroBatcherOptions { MaxBatchTokens = 8 });
        QueuedRow[] rows = [Row(_first, 32), Row(_first, 3), Row(_first, 4)];
        queue.Add(rows);
        Assert.Equal(rows[..1], queue.Take()!);
        Assert.Equal(rows[1..], queue.Take()!);
    }

    [Fact]
    public void A_batch_is_of_the_oldest_rows_predictor_and_leaves_the_others_in_order()
    {
        var queue = new WorkQueue(new MicroBatcherOptions { MaxBatchTokens = 30 });
        QueuedRow[] rows = [Row(_first, 10), Row(_second, 10), Row(_first, 10), Row(_second, 10), Row(_first, 10), Row(_first, 10)];
        queue.Add(rows);
        Assert.Equal([rows[0], rows[2], rows[4]], queue.Take()!);
        Assert.Equal([rows[1], rows[3]], queue.Take()!);
        Assert.Equal([rows[5]], queue.Take()!);
    }

    [Fact]
    public void No_row_overtakes_an_action_and_no_action_a_row()
    {
        var queue = new WorkQueue(new MicroBatcherOptions());
        QueuedRow[] rows = [Row(_first, 4), Row(_second, 4), Row(_first, 4)];
        var action = new QueuedAction(() => { });
        queue.Add(rows[..2]);
        queue.Add(action);
        queue.Add(rows[2..]);
        Assert.Equal(3, queue.Length);
        Assert.Equal<QueuedWork>([rows[0]], queue.Take()!);
        Assert.Equal<QueuedWork>([rows[1]], queue.Take()!);
        Assert.Equal<QueuedWork>([action], queue.Take()!);
        Assert.Equal<QueuedWork>([rows[2]], queue.Take()!);
    }

    [Fact]
    public void Rows_count_until_they_are_released()
    {
        var queue = new WorkQueue(new MicroBatcherOptions { MaxConcurrentRequests = 2 });
        queue.Add([Row(_first, 4), Row(_first, 4)]);
        Assert.Equal(2, queue.Take()!.Count);
        Assert.Equal(ProblemCode.Overloaded, Assert.Throws<LabException>(() => queue.Add([Row(_first, 4)])).Code);
        queue.Release(2);
        queue.Add([Row(_first, 4)]);
        Assert.Equal(1, queue.Length);
    }

    [Fact]
    public void A_group_that_does_not_fit_leaves_nothing_behind()
    {
        var queue = new WorkQueue(new MicroBatcherOptions { MaxConcurrentRequests = 3 });
        queue.Add([Row(_first, 4), Row(_first, 4)]);
        var error = Assert.Throws<LabException>(() => queue.Add([Row(_first, 4), Row(_first, 4)]));
        Assert.Equal(ProblemCode.Overloaded, error.Code);
        Assert.Contains("2 of at most 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller groups", Assert.Throws<LabException>(() => queue.Add([Row(_first, 4), Row(_first, 4), Row(_first, 4), Row(_first, 4)])).Message, StringComparison.Ordinal);
        Assert.Equal(2, queue.Length);
        queue.Add([Row(_first, 4)]);
        Assert.Equal(3, queue.Take()!.Count);
    }

    [Fact]
    public async Task Cancelled_rows_leave_at_the_next_take_wherever_they_stand()
    {
        var queue = new WorkQueue(new MicroBatcherOptions { MaxConcurrentRequests = 4 });
        using var cancel = new CancellationTokenSource();
        QueuedRow[] rows = [Row(_first, 4, cancel.Token), Row(_first, 4), Row(_second, 4, cancel.Token), Row(_second, 4)];
        queue.Add(rows);
        await cancel.CancelAsync();
        Assert.Equal([rows[1]], queue.Take()!);
        await Assert.ThrowsAsync<TaskCanceledException>(() => rows[0].Answer);
        await Assert.ThrowsAsync<TaskCanceledException>(() => rows[2].Answer);
        queue.Add([Row(_first, 4), Row(_first, 4)]); // one taken, one waiting, two places free again
        Assert.Throws<LabException>(() => queue.Add([Row(_first, 4)]));
        Assert.Equal([rows[3]], queue.Take()!);
    }

    [Fact]
    public void A_closed_queue_gives_back_what_waited_and_takes_nothing_in()
    {
        var queue = new WorkQueue(new MicroBatcherOptions());
        var row = Row(_first, 4);
        queue.Add([row]);
        Assert.Equal<QueuedWork>([row], queue.Close());
        Assert.Null(queue.Take());
        Assert.Empty(queue.Close());
        Assert.Throws<ObjectDisposedException>(() => queue.Add([Row(_first, 4)]));
        Assert.Throws<ObjectDisposedException>(() => queue.Add(new QueuedAction(() => { })));
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static QueuedRow Row(Predictor predictor, int tokens, CancellationToken cancellation = default) =>
        new(predictor, predictor.Tokenize(TinyModelFolder.Text(tokens - 2), null, null), 0, cancellation);
}
