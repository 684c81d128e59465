using System.Net.ServerSentEvents;
using System.Text.Json;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>A run that goes back to a checkpoint while somebody reads it.</summary>
[Collection(PostgresTests.Name)]
public sealed class RunStreamTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task A_reader_who_heard_nothing_of_a_rewind_ends_with_what_the_table_holds()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var run = await LiveRun.StartAsync(server);
        await run.GoOnAsync(12);
        var reader = new Reader();
        var reading = reader.ReadAsync(run);
        await Eventually.HoldsAsync(() => reader.Has(12), "the reader has 12 events");
        await run.GoBackAndOvertakeUnheardAsync(4);
        await run.SucceedAsync();
        await reading;
        Assert.Equal((await server.Client.EventsAsync(run.Id)).Select(e => JsonSerializer.Serialize(e)), reader.Events);
    }

    [PostgresFact]
    public async Task A_reader_who_comes_back_after_a_rewind_ends_with_what_the_table_holds()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var run = await LiveRun.StartAsync(server);
        await run.GoOnAsync(12);
        var reader = new Reader();
        using (var away = new CancellationTokenSource())
        {
            var reading = reader.ReadAsync(run, away.Token);
            await Eventually.HoldsAsync(() => reader.Has(12), "the reader has 12 events");
            await away.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }
        await run.GoBackAndOvertakeUnheardAsync(4);
        await run.SucceedAsync();
        await reader.ReadAsync(run);
        Assert.Equal((await server.Client.EventsAsync(run.Id)).Select(e => JsonSerializer.Serialize(e)), reader.Events);
    }

    /// <summary>Does what the interface asks of a reader: forgets what a rewind takes back, and goes on after the last id.</summary>
    private sealed class Reader
    {
        private readonly SortedDictionary<long, string> _events = [];
        private string? _lastId;

        public IReadOnlyList<string> Events => [.. _events.Values];

        public bool Has(long sequence)
        {
            lock (_events)
                return _events.ContainsKey(sequence);
        }

        public async Task ReadAsync(LiveRun run, CancellationToken cancellation = default)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run.Id}/events");
            request.Headers.Accept.ParseAdd("text/event-stream");
            if (_lastId is not null)
                request.Headers.TryAddWithoutValidation("Last-Event-ID", _lastId);
            using var response = await run.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(cancellation)).EnumerateAsync(cancellation))
            {
                _lastId = item.EventId ?? _lastId;
                Take(item.EventType, JsonElement.Parse(item.Data));
            }
        }

        private void Take(string kind, JsonElement data)
        {
            lock (_events)
            {
                if (kind == "rewound")
                    Forget(data.GetProperty("from_sequence").GetInt64());
                else if (kind != "status")
                    _events[data.GetProperty("sequence").GetInt64()] = JsonSerializer.Serialize(data);
            }
        }

        private void Forget(long after)
        {
            foreach (var sequence in _events.Keys.Where(sequence => sequence > after).ToList())
                _events.Remove(sequence);
        }
    }
}
