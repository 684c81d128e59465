namespace SparseRobust.Web.Tests.Runs;

[Collection(PostgresTests.Name)]
public sealed class RunLifeTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_queued_run_is_trained_to_its_end()
    {
        var server = await postgres.TrainedServerAsync();
        var runs = await server.Client.JsonAsync("/api/v1/runs");
        var run = Assert.Single(runs.GetProperty("items").EnumerateArray(), run => run.GetProperty("state").GetString() == "succeeded");
        var events = await server.Client.EventsAsync(run.GetProperty("id").GetString()!);
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("sequence").GetInt32()));
    }
}
