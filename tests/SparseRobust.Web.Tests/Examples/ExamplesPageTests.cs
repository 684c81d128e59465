using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SparseRobust.Web.Tests.Browser;

namespace SparseRobust.Web.Tests.Examples;

/// <summary>The page of a run's examples in a browser whose JavaScript is off.</summary>
[Collection(PostgresTests.Name)]
public sealed class ExamplesPageTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Wrong_answers_are_found_from_the_run_s_scores()
    {
        var server = await postgres.IdleServerAsync();
        var run = await HandRun.AddAsync(server, ("evaluate fine-tune", [HandRun.WrongEach(HandRun.Data[0], 2), HandRun.WrongEach(HandRun.Data[1], 1)]), ("evaluate prune", [HandRun.WrongEach(HandRun.Data[0], 5), HandRun.WrongEach(HandRun.Data[1], 3)]));
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync($"/runs/{run}");
        await window.Page.GetByRole(AriaRole.Region, new() { Name = "Final scores over whole sets" }).GetByRole(AriaRole.Link).Nth(1).ClickAsync();

        await Assertions.Expect(window.Page.Locator("[aria-label=Evaluations] [aria-current]")).ToHaveTextAsync("evaluate prune");
        await Assertions.Expect(window.Page.Locator("[aria-label=Sets] [aria-current]")).ToContainTextAsync("ood");
        var rows = window.Page.Locator(".examples tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(50);
        await Assertions.Expect(rows.Nth(1).Locator(".texts")).ToContainTextAsync(HandRun.Data[1].Examples[1].SecondText!);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(40);

        await window.Page.GetByLabel("Answer", new() { Exact = true }).SelectOptionAsync("wrong");
        await window.Page.GetByLabel("Sort by").SelectOptionAsync("confidence");
        await window.Button("Apply").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(30);
        await Assertions.Expect(window.Page.Locator(".examples .state[data-state=failed]")).ToHaveCountAsync(30);
        await Assertions.Expect(window.Page.GetByLabel("Answer", new() { Exact = true })).ToHaveValueAsync("false");
        await Assertions.Expect(window.Page.Locator("#examples + span")).ToHaveTextAsync("30 of 90 rows, accuracy of these 0.000");
        // What is asked of one set is asked of the next.
        await window.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^shortcut-nli dev") }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(18);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "evaluate fine-tune" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(45);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task What_cannot_be_shown_is_said_with_what_there_is()
    {
        var server = await postgres.IdleServerAsync();
        var run = await HandRun.AddAsync(server, ("evaluate fine-tune", null), ("evaluate prune", [HandRun.WrongEach(HandRun.Data[0] with { Sha256 = new string('a', 64) }, 5)]));
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await ExpectAsync($"/runs/{run}/examples?stage=evaluate%20fine-tune", HttpStatusCode.OK, "rerun");
        await ExpectAsync($"/runs/{run}/examples?dataset=shortcut-nli&split=dev&gold=duplicate", HttpStatusCode.UnprocessableEntity, "contradiction, entailment, neutral");
        await Assertions.Expect(window.Page.GetByLabel("Gold", new() { Exact = true })).ToBeVisibleAsync();
        await ExpectAsync($"/runs/{run}/examples?dataset=hans", HttpStatusCode.OK, "shortcut-nli dev");
        await ExpectAsync("/runs/no-such-run/examples", HttpStatusCode.NotFound, "nothing at this address");
        await ExpectAsync($"/runs/{run}/examples", HttpStatusCode.OK, "texts are not at hand");
        await Assertions.Expect(window.Page.Locator(".examples tbody tr")).ToHaveCountAsync(50);
        var queued = await server.CreateRunAsync(TinyRecipe.Of(1, 997));
        await ExpectAsync($"/runs/{queued}/examples", HttpStatusCode.OK, "Nothing has been evaluated yet");

        async Task ExpectAsync(string path, HttpStatusCode status, string text)
        {
            var response = await window.Page.GotoAsync(path);
            Assert.Equal((path, (int)status), (path, response!.Status));
            await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync(text);
        }
    }
}
