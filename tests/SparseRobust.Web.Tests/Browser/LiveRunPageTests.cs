using Microsoft.Playwright;
using SparseRobust.Web.Tests.Runs;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>Pages that stay open show what a reload would show.</summary>
[Collection(PostgresTests.Name)]
public sealed class LiveRunPageTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Points = "() => JSON.stringify(document.querySelector('metric-chart').feed.data.columns())";

    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 60_000 };

    [BrowserFact]
    public async Task A_run_that_went_back_unheard_looks_as_if_loaded_anew()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var run = await LiveRun.StartAsync(server);
        await run.GoOnAsync(12);
        await using var window = await browser.OpenAsync(server);
        await window.Page.GotoAsync($"/runs/{run.Id}");
        var step = window.Page.Locator("[data-step-text]");
        await Assertions.Expect(step).ToHaveTextAsync("12 / 1,000", Patient);
        // An event that comes live says that the page watches.
        await run.GoOnAsync(14);
        await Assertions.Expect(step).ToHaveTextAsync("14 / 1,000", Patient);
        await run.GoBackAndOvertakeUnheardAsync(4);
        await Assertions.Expect(step).ToHaveTextAsync($"{run.Step} / 1,000", Patient);
        await using var anew = await browser.OpenAsync(server);
        await anew.Page.GotoAsync($"/runs/{run.Id}");
        await anew.Page.Locator("metric-chart .uplot").First.WaitForAsync();
        var points = await anew.Page.EvaluateAsync<string>(Points);
        Assert.Contains($"{run.Step}", points, StringComparison.Ordinal);
        await window.Page.WaitForFunctionAsync($"expected => ({Points})() === expected", points);
        Assert.Equal(await anew.Page.Locator("log-tail li").AllTextContentsAsync(), await window.Page.Locator("log-tail li").AllTextContentsAsync());
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_run_that_changed_after_the_list_was_painted_and_before_it_was_watched_is_shown_as_it_is()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        var runId = await server.CreateRunAsync(TinyRecipe.Quick);
        await using var window = await browser.OpenAsync(server);
        var cancelled = new TaskCompletionSource();
        await window.Page.RouteAsync("**/dist/*.js", async route =>
        {
            await cancelled.Task;
            await route.ContinueAsync();
        });
        await window.Page.GotoAsync("/runs", new() { WaitUntil = WaitUntilState.Commit });
        var state = window.Page.Locator($"[data-run-id='{runId}'] .state");
        await Assertions.Expect(state).ToHaveTextAsync("queued", Patient);
        await server.Client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{runId}/cancel");
        cancelled.SetResult();
        await Assertions.Expect(state).ToHaveTextAsync("cancelled", Patient);
        Assert.Empty(window.Errors);
    }
}
