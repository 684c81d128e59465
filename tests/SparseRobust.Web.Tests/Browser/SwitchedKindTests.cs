using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>Whoever switches to another kind and fills in nothing else must get a plan.</summary>
[Collection(PostgresTests.Name)]
public sealed class SwitchedKindTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string PrunedOnce = """
        {"task":{"kind":"shortcut-nli"},"paradigm":{"kind":"without-fine-tuning","pruning":{"kind":"magnitude","sparsity":0.25}}}
        """;

    public static TheoryData<string, string> Methods => new()
    {
        { "after-fine-tuning", "magnitude" },
        { "after-fine-tuning", "mask-training" },
        { "in-isolation", "magnitude" },
        { "in-isolation", "mask-training" },
        { "without-fine-tuning", "magnitude" },
        { "without-fine-tuning", "mask-training" },
    };

    [BrowserTheory]
    [MemberData(nameof(Methods))]
    public async Task A_method_switched_to_is_planned_as_it_stands(string paradigm, string method)
    {
        await using var window = await browser.OpenAsync(await postgres.IdleServerAsync());
        await PlannedAsync(window, page => page.GotoAsync("/runs/new"));
        await PlannedAsync(window, _ => window.Field("paradigm.kind").SelectOptionAsync(paradigm));
        await PlannedAsync(window, _ => window.Field($"paradigm[{paradigm}].pruning.kind").SelectOptionAsync(method));

        Assert.Equal(method, await window.Field("recipe_json").EvaluateAsync<string>("area => JSON.parse(area.value).paradigm.pruning.kind"));
        Assert.Empty(window.Errors);
    }

    [BrowserTheory]
    [MemberData(nameof(Methods))]
    public async Task Without_JavaScript_it_is_valid_as_it_stands(string paradigm, string method)
    {
        await using var window = await browser.OpenAsync(await postgres.IdleServerAsync(), options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync("/runs/new");
        await window.Field("paradigm.kind").SelectOptionAsync(paradigm);
        await window.Page.Locator($"details[data-variant-of=paradigm][data-variant={paradigm}] > summary").ClickAsync();
        await window.Field($"paradigm[{paradigm}].pruning.kind").SelectOptionAsync(method);
        await CheckedAsync(window);
    }

    [BrowserFact]
    public async Task A_vocabulary_from_a_file_begins_with_the_file_of_the_presets()
    {
        await using var window = await browser.OpenAsync(await postgres.IdleServerAsync(), options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync("/runs/new");
        await window.Field("vocabulary.kind").SelectOptionAsync("file");
        await CheckedAsync(window);

        await Assertions.Expect(window.Field("vocabulary[file].path")).ToHaveValueAsync("vocab/bert-base-uncased-vocab.txt");
    }

    [BrowserFact]
    public async Task A_method_that_learns_gets_a_training_and_a_sparsity_in_place_of_one_that_does_not()
    {
        var server = await postgres.IdleServerAsync();
        var runId = await server.CreateRunAsync(PrunedOnce, 704);
        await using var window = await browser.OpenAsync(server);
        await PlannedAsync(window, page => page.GotoAsync($"/runs/new?clone={runId}"));
        var (method, training) = (window.Field("paradigm[without-fine-tuning].pruning.kind"), window.Field("paradigm[without-fine-tuning].pruning_training.present"));
        await Assertions.Expect(training).ToHaveValueAsync("false");
        await PlannedAsync(window, _ => method.SelectOptionAsync("mask-training"));

        await Assertions.Expect(training).ToHaveValueAsync("true");
        await Assertions.Expect(window.Field("paradigm[without-fine-tuning].pruning[mask-training].sparsity")).ToHaveValueAsync("0.5");
    }

    [BrowserFact]
    public async Task Without_JavaScript_it_gets_them_when_the_form_is_sent()
    {
        var server = await postgres.IdleServerAsync();
        var runId = await server.CreateRunAsync(PrunedOnce, 705);
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync($"/runs/new?clone={runId}");
        await window.Field("paradigm[without-fine-tuning].pruning.kind").SelectOptionAsync("mask-training");
        await CheckedAsync(window);

        await Assertions.Expect(window.Field("paradigm[without-fine-tuning].pruning_training.present")).ToHaveValueAsync("true");
    }

    // An earlier plan stays in its place until the next one comes.
    private static async Task PlannedAsync(BrowserWindow window, Func<IPage, Task> act)
    {
        var response = await window.Page.RunAndWaitForResponseAsync(() => act(window.Page), response => response.Url.EndsWith("/api/v1/plans", StringComparison.Ordinal));
        Assert.True(response.Ok, await response.TextAsync());
        await Assertions.Expect(window.Page.Locator("[data-plan] dl.facts")).ToBeVisibleAsync();
    }

    private static async Task CheckedAsync(BrowserWindow window)
    {
        await window.Button("Check").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Valid: 1 run");
    }
}
