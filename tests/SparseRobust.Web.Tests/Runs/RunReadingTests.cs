using System.Net;
using System.Text.Json;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>What a finished run has measured, over REST.</summary>
[Collection(PostgresTests.Name)]
public sealed class RunReadingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private LabServer _server = null!;
    private string _run = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync()
    {
        _server = await postgres.TrainedServerAsync();
        _run = await Client.CreateRunAsync(TinyRecipe.Quick);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task Curves_are_exact_however_few_buckets_are_asked_for()
    {
        var keys = (await Client.JsonAsync($"/api/v1/runs/{_run}/metrics")).GetProperty("series").EnumerateArray().Select(series => series.GetProperty("key").GetString()).ToList();
        Assert.Contains("train/loss", keys);
        var whole = (await Client.JsonAsync($"/api/v1/runs/{_run}/metrics?key=eval/shortcut-nli_dev_accuracy&max_points=10000")).GetProperty("series");
        var few = (await Client.JsonAsync($"/api/v1/runs/{_run}/metrics?key=eval/shortcut-nli_dev_accuracy&max_points=1")).GetProperty("series");
        Assert.Equal(whole.EnumerateArray().Sum(series => series.GetProperty("n").GetInt64()), few.EnumerateArray().Sum(series => series.GetProperty("n").GetInt64()));
        foreach (var (all, one) in whole.EnumerateArray().Zip(few.EnumerateArray()))
        {
            var bucket = Assert.Single(one.GetProperty("points").EnumerateArray());
            Assert.Equal(all.GetProperty("points").EnumerateArray().Max(point => point.GetProperty("max").GetDouble()), bucket.GetProperty("max").GetDouble());
            Assert.Equal(all.GetProperty("points").EnumerateArray().Last().GetProperty("last").GetDouble(), bucket.GetProperty("last").GetDouble());
        }
    }

    [PostgresTheory]
    [InlineData("from=-2147483648&to=2147483647", true)]
    [InlineData("from=2147483647&to=-2147483648", false)]
    [InlineData("from=1000000", false)]
    public async Task Any_range_of_steps_is_answered(string range, bool any)
    {
        var answer = await Client.JsonAsync($"/api/v1/runs/{_run}/metrics?key=eval/shortcut-nli_dev_accuracy&{range}");
        Assert.Equal(any, answer.GetProperty("series").GetArrayLength() > 0);
    }

    [PostgresTheory]
    [InlineData("max_points=0")]
    [InlineData("max_points=10001")]
    [InlineData("max_points=all")]
    [InlineData("from=here")]
    public async Task A_range_that_makes_no_sense_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.SendAsync(HttpMethod.Get, $"/api/v1/runs/{_run}/metrics?key=train/loss&{query}")).Status);

    [PostgresFact]
    public async Task Events_go_on_after_a_sequence()
    {
        var all = await Client.EventsAsync(_run);
        var rest = (await Client.JsonAsync($"/api/v1/runs/{_run}/events?after=3")).GetProperty("items");
        Assert.Equal(all.Skip(3).Select(e => e.GetRawText()), rest.EnumerateArray().Select(e => e.GetRawText()));
        Assert.Empty((await Client.JsonAsync($"/api/v1/runs/{_run}/events?after=9223372036854775807")).GetProperty("items").EnumerateArray());
        Assert.Equal("succeeded", (await Client.JsonAsync($"/api/v1/runs/{_run}/events")).GetProperty("run").GetProperty("state").GetString());
    }

    [PostgresTheory]
    [InlineData(null, 0)]
    [InlineData("4", 4)]
    [InlineData("4.0", 4)]
    [InlineData("4.x", 0)]
    [InlineData("-5", 0)]
    [InlineData("nonsense", 0)]
    public async Task The_stream_goes_on_after_the_last_event_seen_and_ends_with_the_run(string? lastEventId, int after)
    {
        var all = await Client.EventsAsync(_run);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{_run}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var response = await Client.SendAsync(request);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal(all.Skip(after).Select(e => $"id: {e.GetProperty("sequence")}.0"), lines.Where(line => line.StartsWith("id: ", StringComparison.Ordinal)));
        Assert.Equal(all.Skip(after).Select(e => JsonSerializer.Serialize(e)), lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains("\"sequence\"", StringComparison.Ordinal)).Select(line => JsonSerializer.Serialize(JsonElement.Parse(line[6..]))));
    }

    [PostgresFact]
    public async Task The_log_tells_the_run_in_sentences()
    {
        var log = await Client.GetStringAsync(new Uri($"/api/v1/runs/{_run}/log", UriKind.Relative));
        Assert.Contains("fine-tune begins: 10 steps", log, StringComparison.Ordinal);
        Assert.Contains("Done in", log, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Scores_say_everything_that_is_needed_to_trust_them()
    {
        var scores = (await Client.JsonAsync($"/api/v1/runs/{_run}/scores")).GetProperty("items").EnumerateArray().ToList();
        var final = Assert.Single(scores, score => score.GetProperty("is_final").GetBoolean() && score.GetProperty("split").GetString() == "dev" && score.GetProperty("slice").GetString() == "all" && score.GetProperty("metric").GetString() == "accuracy");
        Assert.Equal(("shortcut-nli", 90, 1), (final.GetProperty("dataset").GetString(), final.GetProperty("n").GetInt32(), final.GetProperty("seed").GetInt32()));
        Assert.Equal(64, final.GetProperty("dataset_sha256").GetString()!.Length);
    }

    [PostgresFact]
    public async Task Masks_are_counted_by_matrix()
    {
        var masks = await Client.JsonAsync($"/api/v1/runs/{_run}/masks");
        var matrices = masks.GetProperty("matrices").EnumerateArray().ToList();
        Assert.Contains(matrices, matrix => matrix.GetProperty("density").GetDouble() is > 0 and < 1);
        Assert.Equal(masks.GetProperty("weights").GetInt64(), matrices.Sum(matrix => matrix.GetProperty("rows").GetInt64() * matrix.GetProperty("columns").GetInt64()));
        Assert.Equal(masks.GetProperty("kept").GetInt64(), matrices.Sum(matrix => matrix.GetProperty("kept").GetInt64()));
    }

    [PostgresFact]
    public async Task A_finished_run_is_not_cancelled_or_resumed()
    {
        Assert.Equal(HttpStatusCode.Conflict, (await Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{_run}/cancel")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{_run}/resume")).Status);
    }

    [PostgresFact]
    public async Task A_queued_run_has_no_masks_yet()
    {
        var idle = await postgres.IdleServerAsync();
        var id = await idle.CreateRunAsync(TinyRecipe.Of(1, 999));
        Assert.Equal(HttpStatusCode.NotFound, (await idle.Client.SendAsync(HttpMethod.Get, $"/api/v1/runs/{id}/masks")).Status);
        Assert.Empty((await idle.Client.JsonAsync($"/api/v1/runs/{id}/scores")).GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.Array, (await idle.Client.JsonAsync($"/api/v1/runs/{id}/events")).GetProperty("items").ValueKind);
    }
}
