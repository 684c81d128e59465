using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>A run of a server without workers, whose attempts the test plays itself: what it stores is what a worker would have stored.</summary>
internal sealed class LiveRun
{
    private const string Listeners = "from pg_stat_activity where datname = current_database() and query like 'listen %'";

    private readonly NpgsqlDataSource _database;
    private RunLease _lease;

    private LiveRun(LabServer server, NpgsqlDataSource database, string id, RunLease lease) => (Server, _database, Id, _lease) = (server, database, id, lease);

    public LabServer Server { get; }

    public string Id { get; }

    /// <summary>How many events it has.</summary>
    public int Last { get; private set; }

    /// <summary>The step of its last measurement.</summary>
    public int Step => Last % 5 == 0 ? Last - 1 : Last;

    private RunEventStore Store => new(_database);

    public static async Task<LiveRun> StartAsync(LabServer server)
    {
        var database = server.Services.GetRequiredService<NpgsqlDataSource>();
        var id = await server.CreateRunAsync(TinyRecipe.Quick);
        return new LiveRun(server, database, id, (await RunLease.TakeAsync(database, id, "test", CancellationToken.None))!);
    }

    /// <summary>Goes on to an event; the loss says which attempt measured it.</summary>
    public async Task GoOnAsync(int last)
    {
        var projection = new RunProjection();
        var events = Enumerable.Range(1, last).Select(i => projection.Apply(EventOf(i) with { Sequence = i, Time = DateTimeOffset.UnixEpoch.AddSeconds(i) })).ToList();
        Assert.True(await Store.StoreAsync(_lease, events[Last..], CancellationToken.None));
        Last = last;
    }

    /// <summary>While nobody listens, a new attempt goes back to event <paramref name="keep"/> and then beyond where the run had been.</summary>
    public async Task GoBackAndOvertakeUnheardAsync(int keep)
    {
        do
        {
            await CountAsync($"select count(pg_terminate_backend(pid)) {Listeners}");
            await Eventually.HoldsAsync(async () => !await IsHeardAsync(), () => "nobody listens");
            var reached = Last;
            _lease = (await RunLease.TakeAsync(_database, Id, "test", CancellationToken.None))!;
            Assert.True(await Store.RewindAsync(_lease, keep, CancellationToken.None));
            Last = keep;
            await GoOnAsync(reached + 5);
        }
        while (await IsHeardAsync());
    }

    public async Task SucceedAsync() => Assert.True(await _lease.EndAsync(new AttemptEnd(RunState.Succeeded, "succeeded"), CancellationToken.None));

    public async Task<bool> IsHeardAsync() => await CountAsync($"select count(*) {Listeners}") > 0;

    private async Task<long> CountAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private RunEvent EventOf(int sequence) => sequence switch
    {
        1 => new StageStarted("fine-tune", "a", 0, 1_000),
        _ when sequence % 5 == 0 => new Noted("fine-tune", $"event {sequence} of attempt {_lease.Epoch}"),
        _ => new StepMeasured("fine-tune", sequence, 1_000, new Dictionary<string, double> { ["train/loss"] = _lease.Epoch + 1.0 / sequence }),
    };
}
