using System.Net;
using Microsoft.Playwright;
using SparseRobust.Web.Tests.Browser;

namespace SparseRobust.Web.Tests.Examples;

/// <summary>The page of two models on the same rows in a browser whose JavaScript is off.</summary>
[Collection(PostgresTests.Name)]
public sealed class ComparisonPageTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Two_runs_ticked_in_the_list_are_compared_down_to_the_rows()
    {
        var server = await postgres.IdleServerAsync();
        var first = await HandRun.AddAsync(server, ("evaluate fine-tune", [HandRun.WrongEach(HandRun.Data[0], 2)]), ("evaluate prune", [HandRun.WrongEach(HandRun.Data[0], 5), HandRun.WrongEach(HandRun.Data[1], 3)]));
        var second = await HandRun.AddAsync(server, ("evaluate prune", [HandRun.WrongEach(HandRun.Data[0], 2), HandRun.WrongEach(HandRun.Data[1], 4)]));
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync("/runs?filter=hand-&page_size=500");
        await window.Page.GetByLabel($"Compare {first}", new() { Exact = true }).CheckAsync();
        await window.Page.GetByLabel($"Compare {second}", new() { Exact = true }).CheckAsync();
        await window.Button("Compare").ClickAsync();

        // The list has the newest first.
        await Assertions.Expect(window.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/runs/{second}/compare/{first}$"));
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Swap A and B" }).ClickAsync();
        var sets = window.Page.Locator(".comparison tbody tr");
        await Assertions.Expect(sets).ToHaveCountAsync(2);
        string[] dev = ["shortcut-nli devn 90", "0.8000", "0.5000", "+0.3000", "+0.1667 to +0.4333", "36", "36", "9", "9", "0.0001χ² 15.02", "0.0002"];
        await Assertions.Expect(sets.Nth(0).Locator("th, td")).ToHaveTextAsync(dev);
        var rows = window.Page.Locator(".examples tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(45);
        await window.Page.GetByLabel("Right", new() { Exact = true }).SelectOptionAsync("only B");
        await window.Button("Apply").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(9);
        await Assertions.Expect(rows.First.Locator(".state[data-state=succeeded]")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator("#rows + span")).ToHaveTextAsync("9 of 90 rows");
        // Who is right is asked of the next set as well.
        await sets.Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(22);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "evaluate fine-tune" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("Not compared");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_run_leads_to_those_it_can_be_compared_with()
    {
        var server = await postgres.IdleServerAsync();
        var data = HandRun.Data[0] with { Sha256 = new string('c', 64) };
        var first = await HandRun.AddAsync(server, ("evaluate", [HandRun.WrongEach(data, 2)]));
        var second = await HandRun.AddAsync(server, ("evaluate", [HandRun.WrongEach(data, 5)]));
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync($"/runs/{first}");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Compare with another model" }).ClickAsync();
        await window.Page.GetByLabel($"Compare with {second}", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page.Locator(".comparison tbody tr")).ToHaveCountAsync(1);
        // The rows can be paired although their texts are not at hand.
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("texts are not at hand");
        await Assertions.Expect(window.Page.Locator(".examples tbody tr")).ToHaveCountAsync(45);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task What_cannot_be_compared_is_said()
    {
        var server = await postgres.IdleServerAsync();
        var run = await HandRun.AddAsync(server, ("evaluate", [HandRun.WrongEach(HandRun.Data[0], 2)]));
        var bare = await HandRun.AddAsync(server, ("evaluate", null));
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await ExpectAsync($"/runs/{run}/compare/no-such-run", HttpStatusCode.NotFound, "nothing at this address");
        await ExpectAsync("/runs/compare?run=no-such-run", HttpStatusCode.NotFound, "nothing at this address");
        await ExpectAsync($"/runs/{run}/compare/{bare}", HttpStatusCode.OK, "rerun");
        await ExpectAsync($"/runs/{run}/compare/{run}?right=maybe", HttpStatusCode.UnprocessableEntity, "one, first, second");
        await ExpectAsync("/runs/compare", HttpStatusCode.OK, "None is chosen");
        await ExpectAsync($"/runs/compare?run={run}&run={bare}&run=x", HttpStatusCode.OK, "3 are chosen");

        async Task ExpectAsync(string path, HttpStatusCode status, string text)
        {
            var response = await window.Page.GotoAsync(path);
            Assert.Equal((path, (int)status), (path, response!.Status));
            await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync(text);
        }
    }
}
