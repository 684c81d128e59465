using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>A list of runs that stays open misses nothing, whenever it was made and whenever it is watched.</summary>
[Collection(PostgresTests.Name)]
public sealed partial class RunHubTests(PostgresFixture postgres)
{
    private const string Cancel = "update runs set state = 'cancelled' where id = ";

    [PostgresFact]
    public async Task Who_watches_the_runs_hears_first_what_has_changed_since_the_page_was_made()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var (changed, same) = (await server.CreateRunAsync(TinyRecipe.Quick, 1), await server.CreateRunAsync(TinyRecipe.Quick, 2));
        var mark = await MarkAsync(server, "/runs");
        await server.Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{changed}/cancel");
        var added = await server.CreateRunAsync(TinyRecipe.Quick, 3);
        using var hub = await HubSocket.OpenAsync(server);
        await hub.InvokeAsync("WatchRuns", mark);
        Assert.Equal([$"{changed} cancelled", $"{added} queued"], await StatesAsync(hub));
        // The next message is of this, so the first run was told once, and the untouched one not at all.
        await server.Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{same}/cancel");
        Assert.Equal([$"{same} cancelled"], await StatesAsync(hub));
    }

    [PostgresFact]
    public async Task A_change_that_was_not_yet_committed_when_the_page_was_made_is_told()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var (early, late) = (await server.CreateRunAsync(TinyRecipe.Quick, 1), await server.CreateRunAsync(TinyRecipe.Quick, 2));
        await using var connection = await server.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var open = new NpgsqlCommand($"{Cancel} '{early}'", connection, transaction))
            await open.ExecuteNonQueryAsync();
        await server.ExecuteAsync($"{Cancel} '{late}'");
        var mark = await MarkAsync(server, "/runs?group=recipe");
        await transaction.CommitAsync();
        using var hub = await HubSocket.OpenAsync(server);
        await hub.InvokeAsync("WatchRuns", mark);
        Assert.Equal([$"{early} cancelled"], await StatesAsync(hub));
    }

    [PostgresFact]
    public async Task A_change_that_nobody_heard_of_is_told_when_the_server_listens_again()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var run = await LiveRun.StartAsync(server);
        await run.GoOnAsync(9);
        var mark = await MarkAsync(server, "/runs");
        using var hub = await HubSocket.OpenAsync(server);
        await hub.InvokeAsync("WatchRuns", mark);
        await run.GoOnAsync(12);
        Assert.Equal(12, (await hub.CalledAsync("runs")).GetProperty("items")[0].GetProperty("last_sequence").GetInt64());
        await run.GoBackAndOvertakeUnheardAsync(4);
        var (last, rewinds) = (0L, 0);
        // A listener that was back too early for the run's helper has told of a round before the last.
        while (last < run.Last)
        {
            var item = (await hub.CalledAsync("runs")).GetProperty("items")[0];
            (last, rewinds) = (item.GetProperty("last_sequence").GetInt64(), item.GetProperty("rewinds").GetInt32());
        }
        Assert.True(rewinds > 0);
    }

    private static async Task<string> MarkAsync(LabServer server, string path) =>
        Mark().Match(await server.Client.GetStringAsync(new Uri(path, UriKind.Relative))).Groups[1].Value;

    private static async Task<List<string>> StatesAsync(HubSocket hub) =>
        [.. (await hub.CalledAsync("runs")).GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("id")} {item.GetProperty("state")}").Order(StringComparer.Ordinal)];

    [GeneratedRegex("<run-table data-mark=\"([^\"]+)\"")]
    private static partial Regex Mark();
}
