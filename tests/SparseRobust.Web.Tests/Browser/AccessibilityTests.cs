using System.Net;
using Microsoft.Playwright;
using SparseRobust.Web.Tests.Examples;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>Every page in light and dark, at the width of a desk and of a telephone: no fault that axe knows, nothing wider than the window, no error in the console.</summary>
[Collection(PostgresTests.Name)]
public sealed class AccessibilityTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Islands are loaded after the page; before that their elements are not what people meet.
    private const string IslandsAreThere = "() => [...document.querySelectorAll('*')].every(element => !element.localName.includes('-') || element.matches(':defined'))";

    private static readonly string[] Unchanging = ["/presets", "/problems", "/problems/RecipeInvalid", "/style", "/login", "/no-such-page"];

    [BrowserFact]
    public async Task Pages_of_an_empty_laboratory_have_no_faults()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        await using var window = await OpenAsync(server);
        List<string> faults = [];
        foreach (var path in Unchanging.Concat(["/runs", "/sweeps", "/predict", "/models", "/datasets", "/nodes", "/runs/new"]))
            faults.AddRange(await FaultsOfAsync(window, path));
        await window.Field("task[shortcut-nli].strength").FillAsync("7");
        await window.Field("seeds").FillAsync("x");
        await window.Button("Launch").ClickAsync();
        await window.Page.GetByRole(AriaRole.Alert).WaitForAsync();
        faults.AddRange(await Axe.FaultsAsync(window.Page));
        AssertNone(faults, window);
    }

    [BrowserFact]
    public async Task Pages_of_a_laboratory_at_work_have_no_faults()
    {
        await using var server = await LabServer.StartAsync(postgres, "web,train");
        var finished = await server.CreateRunAsync(TinyRecipe.Quick);
        await server.Client.StateAsync(finished, "succeeded");
        var failed = await server.CreateRunAsync("""{"task":{"kind":"mnli-hans"},"vocabulary":{"kind":"file","path":"no-vocabulary.txt"},"paradigm":{"kind":"full-model"}}""");
        await server.Client.StateAsync(failed, "failed");
        var running = await server.CreateRunAsync(TinyRecipe.Of(epochs: 1_000, trainRows: 1_500));
        await server.Client.StateAsync(running, "running");
        var waiting = await server.CreateRunAsync(TinyRecipe.Quick, 2);
        var sweep = await CreateSweepAsync(server);
        var (one, other) = (await HandRun.AddAsync(server, ("evaluate", [HandRun.WrongEach(HandRun.Data[0], 2), HandRun.WrongEach(HandRun.Data[1], 3)])), await HandRun.AddAsync(server, ("evaluate", [HandRun.WrongEach(HandRun.Data[0], 5)])));
        await using var window = await OpenAsync(server);
        List<string> faults = [];
        foreach (var path in new[] { "/runs", "/runs?group=recipe", $"/runs/{finished}", $"/runs/{finished}/examples", $"/runs/{waiting}/examples", $"/runs/{one}/compare/{other}", $"/runs/compare?run={one}", "/runs/compare", $"/runs/{failed}", $"/runs/{running}", $"/runs/{waiting}", $"/runs/{finished}/delete", "/sweeps", $"/sweeps/{sweep}", "/models", "/datasets", "/nodes", "/predict" })
            faults.AddRange(await FaultsOfAsync(window, path));
        await window.Page.GetByLabel("Premise").FillAsync("the farmer near the hunter helped the caller");
        await window.Page.GetByLabel("Hypothesis").FillAsync("the hunter helped the caller");
        await window.Button("Predict").ClickAsync();
        await window.Page.Locator("[data-results] .bar").First.WaitForAsync();
        faults.AddRange(await Axe.FaultsAsync(window.Page));
        AssertNone(faults, window);
    }

    private async Task<BrowserWindow> OpenAsync(LabServer server)
    {
        var window = await browser.OpenAsync(server);
        await Axe.PrepareAsync(window);
        return window;
    }

    private static async Task<List<string>> FaultsOfAsync(BrowserWindow window, string path)
    {
        await window.Page.GotoAsync(path);
        await window.Page.WaitForFunctionAsync(IslandsAreThere);
        return await Axe.FaultsAsync(window.Page);
    }

    private static async Task<string> CreateSweepAsync(LabServer server)
    {
        var (status, json) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", $$"""{"recipe":{{TinyRecipe.Quick}},"grid":{"paradigm.pruning.sparsity":[0.3,0.9]},"seeds":[1,2],"name":"two sparsities"}""");
        Assert.True(status == HttpStatusCode.Created, $"{status}: {json}");
        return json.GetProperty("id").GetString()!;
    }

    private static void AssertNone(List<string> faults, BrowserWindow window)
    {
        var all = faults.Concat(window.Errors.Select(error => "console: " + error)).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
