using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Serving;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Serving;

public sealed class MicroBatcherTests : IDisposable
{
    private readonly Predictor _first = TinyModelFolder.Predictor(1);
    private readonly Predictor _second = TinyModelFolder.Predictor(2);

    [Fact]
    public async Task Waiting_rows_are_computed_together_and_answered_as_if_alone()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        using var gate = new ClosedGate(batcher);
        TokenizedText[] inputs = [.. Enumerable.Range(0, 40).Select(i => _first.Tokenize(TinyModelFolder.Text(i % 16, i), TinyModelFolder.Text(13 - i % 14, i), null))];
        Task<PredictedRow>[] answers = [.. inputs.Select(input => batcher.PredictAsync(_first, input, CancellationToken.None))];
        Assert.Equal(40, batcher.QueueLength);
        gate.Open();
        var rows = await Task.WhenAll(answers);
        Assert.Equal((0, 1L, 40L), (batcher.QueueLength, batcher.Batches, batcher.Requests));
        for (var i = 0; i < rows.Length; i++)
        {
            AssertAnswer(_first, inputs[i], rows[i]);
            Assert.Equal((40, inputs[i].Tokens), (rows[i].BatchSize, rows[i].Tokens));
        }
    }

    [Fact]
    public async Task A_group_is_computed_by_length_and_answered_in_its_order()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions { MaxBatchTokens = 64 }, TimeProvider.System);
        TokenizedText[] inputs = [.. new[] { 8, 8, 8, 18, 30, 3 }.Select((words, i) => _first.Tokenize(TinyModelFolder.Text(words, i), null, null))];
        var rows = await batcher.PredictAsync(_first, inputs, CancellationToken.None);
        // In order of arrival they would take three batches: 3 x 10, 2 x 32 and 1 x 5 tokens.
        Assert.Equal([4, 4, 4, 2, 2, 4], rows.Select(row => row.BatchSize));
        Assert.Equal((2L, 6L), (batcher.Batches, batcher.Requests));
        Assert.All(inputs.Zip(rows), pair => AssertAnswer(_first, pair.First, pair.Second));
        Assert.Empty(await batcher.PredictAsync(_first, [], CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_says_whether_its_text_was_cut()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        TokenizedText[] inputs = [.. new[] { 40, 3 }.Select(words => _first.Tokenize(TinyModelFolder.Text(words), null, TruncationDirection.Right))];
        var rows = await batcher.PredictAsync(_first, inputs, CancellationToken.None);
        Assert.Equal([(32, true), (5, false)], rows.Select(row => (row.Tokens, row.WasTruncated)));
    }

    [Fact]
    public async Task Interleaved_models_each_give_their_own_answers()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        using var gate = new ClosedGate(batcher);
        (Predictor Predictor, TokenizedText Input)[] calls = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? _first : _second)
            .Select((predictor, i) => (predictor, predictor.Tokenize(TinyModelFolder.Text(1 + i, i / 2), null, null)))];
        Task<PredictedRow>[] answers = [.. calls.Select(call => batcher.PredictAsync(call.Predictor, call.Input, CancellationToken.None))];
        gate.Open();
        var rows = await Task.WhenAll(answers);
        Assert.All(calls.Zip(rows), pair => AssertAnswer(pair.First.Predictor, pair.First.Input, pair.Second));
        Assert.All(rows, row => Assert.Equal(10, row.BatchSize));
        Assert.Equal(2, batcher.Batches);
    }

    [Fact]
    public async Task A_full_queue_refuses_single_inputs_and_groups_alike_and_recovers()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions { MaxConcurrentRequests = 4 }, TimeProvider.System);
        using var gate = new ClosedGate(batcher);
        var input = _first.Tokenize("w5 w6", null, null);
        var three = batcher.PredictAsync(_first, [input, input, input], CancellationToken.None);
        await AssertOverloaded(() => batcher.PredictAsync(_first, [input, input], CancellationToken.None));
        var last = batcher.PredictAsync(_first, input, CancellationToken.None);
        await AssertOverloaded(() => batcher.PredictAsync(_first, input, CancellationToken.None));
        gate.Open();
        Assert.Equal(3, (await three).Count);
        AssertAnswer(_first, input, await last);
        Assert.Equal(4, (await batcher.PredictAsync(_first, [input, input, input, input], CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Cancelled_inputs_are_not_computed()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        using var gate = new ClosedGate(batcher);
        using var cancel = new CancellationTokenSource();
        var input = _first.Tokenize("w5 w6", null, null);
        var cancelled = batcher.PredictAsync(_first, [input, input], cancel.Token);
        var kept = batcher.PredictAsync(_first, input, CancellationToken.None);
        await cancel.CancelAsync();
        gate.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, (await kept).BatchSize);
        Assert.Equal(1, batcher.Requests);
    }

    [Fact]
    public async Task A_failure_fails_its_own_batch_only()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        using var gate = new ClosedGate(batcher);
        var broken = TinyModelFolder.Predictor(3);
        var input = _first.Tokenize("w5 w6", null, null);
        var before = batcher.PredictAsync(_first, input, CancellationToken.None);
        var failing = Enumerable.Range(0, 2).Select(_ => batcher.PredictAsync(broken, broken.Tokenize("w5", null, null), CancellationToken.None)).ToArray();
        var with = batcher.PredictAsync(_first, input, CancellationToken.None);
        broken.Dispose();
        gate.Open();
        AssertAnswer(_first, input, await before);
        AssertAnswer(_first, input, await with);
        foreach (var answer in failing)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => answer);
        AssertAnswer(_first, input, await batcher.PredictAsync(_first, input, CancellationToken.None));
    }

    [Fact]
    public async Task An_action_runs_on_the_thread_after_what_was_queued_before_it()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        using var gate = new ClosedGate(batcher);
        var retired = TinyModelFolder.Predictor(3);
        var input = retired.Tokenize("w5 w6", "w7", null);
        var answer = batcher.PredictAsync(retired, input, CancellationToken.None);
        string? thread = null;
        var retirement = batcher.RunAsync(() =>
        {
            thread = Thread.CurrentThread.Name;
            retired.Dispose();
        });
        gate.Open();
        await retirement;
        Assert.Equal(1, (await answer).BatchSize);
        Assert.Equal("inference", thread);
        Assert.NotEqual("inference", Thread.CurrentThread.Name);
    }

    [Fact]
    public async Task A_failing_action_hurts_only_its_caller()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => batcher.RunAsync(() => throw new InvalidOperationException()));
        var input = _first.Tokenize("w5", null, null);
        AssertAnswer(_first, input, await batcher.PredictAsync(_first, input, CancellationToken.None));
    }

    [Fact]
    public async Task Times_are_those_of_the_clock()
    {
        var clock = new ManualClock();
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), clock);
        using var gate = new ClosedGate(batcher);
        var input = _first.Tokenize("w5", null, null);
        var early = batcher.PredictAsync(_first, input, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(5));
        var late = batcher.PredictAsync(_first, input, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));
        gate.Open();
        Assert.Equal((TimeSpan.FromSeconds(6), TimeSpan.Zero), ((await early).QueueTime, (await early).InferenceTime));
        Assert.Equal(TimeSpan.FromSeconds(1), (await late).QueueTime);
    }

    [Fact]
    public async Task Disposal_fails_what_waits_and_answers_the_batch_under_way()
    {
        using var clock = new BatchStopper();
        var batcher = new MicroBatcher(new MicroBatcherOptions { MaxConcurrentRequests = 2 }, clock);
        var input = _first.Tokenize("w5 w6", null, null);
        var underWay = batcher.PredictAsync(_first, input, CancellationToken.None);
        await clock.Entered;
        var waiting = batcher.PredictAsync(_first, input, CancellationToken.None);
        await AssertOverloaded(() => batcher.PredictAsync(_first, input, CancellationToken.None));
        var action = batcher.RunAsync(() => Assert.Fail("ran after disposal"));
        var disposal = Task.Run(batcher.Dispose);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => action);
        Assert.False(disposal.IsCompleted);
        clock.Go();
        AssertAnswer(_first, input, await underWay);
        await disposal;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => batcher.PredictAsync(_first, input, CancellationToken.None));
        batcher.Dispose();
    }

    [Fact]
    public async Task Another_predictors_input_is_refused_before_it_is_queued()
    {
        using var batcher = new MicroBatcher(new MicroBatcherOptions(), TimeProvider.System);
        var input = _second.Tokenize("w5", null, null);
        await Assert.ThrowsAsync<ArgumentException>(() => batcher.PredictAsync(_first, input, CancellationToken.None));
        Assert.Equal(0, batcher.Requests);
    }

    [Fact]
    public void Limits_below_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicroBatcher(new MicroBatcherOptions { MaxBatchTokens = 0 }, TimeProvider.System));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MicroBatcher(new MicroBatcherOptions { MaxConcurrentRequests = 0 }, TimeProvider.System));
    }

    [Fact]
    public async Task Many_callers_with_two_models_and_cancellations_get_right_answers_and_leave_no_tensor()
    {
        var live = LiveTensors.SettledTotal();
        using (var batcher = new MicroBatcher(new MicroBatcherOptions { MaxBatchTokens = 128 }, TimeProvider.System))
        {
            var answered = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(() => CallMany(batcher, caller))));
            Assert.Equal(16 * 20, answered.Sum());
            Assert.Equal(0, batcher.QueueLength);
            Assert.True(batcher.Requests >= 16 * 20);
        }
        Assert.Equal(live, TensorCensus.Total);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private async Task<int> CallMany(MicroBatcher batcher, int caller)
    {
        var answered = 0;
        for (var i = 0; i < 20; i++)
        {
            var predictor = (caller + i) % 2 == 0 ? _first : _second;
            var input = predictor.Tokenize(TinyModelFolder.Text(1 + (3 * caller + 5 * i) % 29, caller * i), null, null);
            using var cancel = new CancellationTokenSource();
            var doomed = batcher.PredictAsync(predictor, [input, input], cancel.Token);
            var answer = batcher.PredictAsync(predictor, input, CancellationToken.None);
            await cancel.CancelAsync();
            AssertAnswer(predictor, input, await answer);
            answered++;
            // Cancelled if it still waited, answered if not; nothing else.
            if (await Record.ExceptionAsync(() => doomed) is { } ended)
                Assert.IsAssignableFrom<OperationCanceledException>(ended);
        }
        return answered;
    }

    private static void AssertAnswer(Predictor predictor, TokenizedText input, PredictedRow row)
    {
        var alone = predictor.Logits([input], CancellationToken.None)[0];
        Assert.All(alone.Zip(row.Logits), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(PredictedRow.Softmax(alone).Zip(row.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(3, row.Probabilities.Count);
    }

    private static async Task AssertOverloaded(Func<Task> call) => Assert.Equal(ProblemCode.Overloaded, (await Assert.ThrowsAsync<LabException>(call)).Code);

    /// <summary>Stops the inference thread where a batch begins, which is where it first asks for the time.</summary>
    private sealed class BatchStopper : TimeProvider, IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();

        public Task Entered => _entered.Task;

        public void Go() => _go.Set();

        public void Dispose() => _go.Dispose();

        public override long GetTimestamp()
        {
            if (Thread.CurrentThread.Name == "inference")
            {
                _entered.TrySetResult();
                _go.Wait();
            }
            return base.GetTimestamp();
        }
    }
}
