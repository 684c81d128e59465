using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>The forms in a browser whose JavaScript is off.</summary>
[Collection(PostgresTests.Name)]
public sealed class WithoutScriptTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task A_run_is_launched_from_fields_after_a_fault_was_named_beside_its_field()
    {
        await using var window = await OpenAsync(await postgres.IdleServerAsync());
        await window.Page.GotoAsync("/runs/new");
        var strength = window.Field("task[shortcut-nli].strength");
        await strength.FillAsync("7");
        await window.Field("seeds").FillAsync("701");
        await window.Field("name").FillAsync("from fields");
        await window.Button("Launch").ClickAsync();

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("One thing is wrong");
        await Assertions.Expect(strength).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(strength).ToHaveValueAsync("7");
        await Assertions.Expect(window.Field("name")).ToHaveValueAsync("from fields");
        await Assertions.Expect(window.Page.Locator($"#{await strength.GetAttributeAsync("id")}-fault")).ToContainTextAsync("7");

        await strength.FillAsync("0.8");
        await window.Button("Launch").ClickAsync();
        await window.Page.WaitForURLAsync(RunOf(701));
        await Assertions.Expect(window.State).ToHaveTextAsync("queued");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("from fields");
    }

    [BrowserFact]
    public async Task A_run_is_launched_from_JSON_after_a_fault_was_named()
    {
        await using var window = await OpenAsync(await postgres.IdleServerAsync());
        await window.Page.GotoAsync("/runs/new");
        var json = window.Field("recipe_json");
        const string Faulty = """{"task":{"kind":"shortcut-nli","strength":7},"paradigm":{"kind":"full-model"}}""";
        await json.FillAsync(Faulty);
        await window.Field("seeds").FillAsync("702");
        await window.Button("Launch the JSON").ClickAsync();

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("$.task.strength");
        await Assertions.Expect(json).ToHaveValueAsync(Faulty);

        await json.FillAsync(Faulty.Replace("7", "0.7", StringComparison.Ordinal));
        await window.Button("Launch the JSON").ClickAsync();
        await window.Page.WaitForURLAsync(RunOf(702));
        await Assertions.Expect(window.Page.Locator("section[aria-labelledby=recipe] pre")).ToContainTextAsync("\"strength\": 0.7");
    }

    [BrowserFact]
    public async Task A_waiting_run_is_cancelled_and_found_by_a_filter()
    {
        var server = await postgres.IdleServerAsync();
        var runId = await server.CreateRunAsync(TinyRecipe.Quick, 703);
        await using var window = await OpenAsync(server);
        await window.Page.GotoAsync($"/runs/{runId}");
        await window.Button("Cancel run").ClickAsync();
        await Assertions.Expect(window.State).ToHaveTextAsync("cancelled");
        await Assertions.Expect(window.Button("Resume")).ToBeVisibleAsync();

        await window.Page.GotoAsync("/runs");
        await window.Field("filter").FillAsync("state:cancelled seed:703");
        await window.Button("Apply").ClickAsync();
        await Assertions.Expect(window.Page.Locator("[data-run-id]")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator("[data-run-id]")).ToContainTextAsync(runId);
        await window.Field("filter").FillAsync("state:sleeping");
        await window.Button("Apply").ClickAsync();
        await Assertions.Expect(window.Page.Locator("#filter-fault")).ToContainTextAsync("sleeping");
        await Assertions.Expect(window.Field("filter")).ToHaveValueAsync("state:sleeping");
    }

    [BrowserFact]
    public async Task A_pair_is_answered_and_stays_in_its_fields()
    {
        await using var window = await OpenAsync(await postgres.TrainedServerAsync());
        await window.Page.GotoAsync("/predict");
        await window.Field("text").FillAsync("the farmer near the hunter helped the caller");
        await window.Field("pair").FillAsync("the hunter helped the caller");
        await window.Button("Predict").ClickAsync();

        await Assertions.Expect(window.Page.Locator("[data-results] .bar")).ToHaveCountAsync(3);
        await Assertions.Expect(window.Field("pair")).ToHaveValueAsync("the hunter helped the caller");
        Assert.Empty(window.Errors);
    }

    private Task<BrowserWindow> OpenAsync(LabServer server) => browser.OpenAsync(server, options => options.JavaScriptEnabled = false);

    private static Regex RunOf(int seed) => new($"/runs/[^/]+-{seed}$");
}
