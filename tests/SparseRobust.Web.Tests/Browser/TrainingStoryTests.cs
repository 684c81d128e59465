using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>What a person does first: train a model, watch it, serve it, ask it.</summary>
[Collection(PostgresTests.Name)]
public sealed partial class TrainingStoryTests(PostgresFixture postgres, BrowserFixture browser, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    // How long the journal's line took to reach the page, by the clock that both share.
    private const string TellArrivals = """
        document.addEventListener("run-event", event => {
          const { event: kind, time } = event.detail.item;
          if (time) window.arrived(kind, Date.now() - Date.parse(time));
        });
        """;

    private static readonly (string Name, string Value)[] Choices =
    [
        ("task.kind", "shortcut-nli"), ("model.kind", "bert"), ("paradigm.kind", "after-fine-tuning"),
        ("paradigm[after-fine-tuning].pruning.kind", "mask-training"), ("paradigm[after-fine-tuning].pruning_training.present", "true"), ("paradigm[after-fine-tuning].pruning_training.objective.kind", "product-of-experts"),
    ];

    private static readonly (string Name, string Value)[] Values =
    [
        ("max_length", "64"), ("task[shortcut-nli].train_rows", "1500"), ("task[shortcut-nli].evaluation_rows", "90"),
        ("model[bert].num_hidden_layers", "1"), ("model[bert].hidden_size", "32"), ("model[bert].num_attention_heads", "2"), ("model[bert].intermediate_size", "64"), ("model[bert].max_position_embeddings", "64"),
        ("paradigm[after-fine-tuning].pruning[mask-training].sparsity", "0.5"),
        ("paradigm[after-fine-tuning].fine_tuning.num_train_epochs", "6"), ("paradigm[after-fine-tuning].fine_tuning.eval_steps", "20"), ("paradigm[after-fine-tuning].fine_tuning.out_of_distribution_sample_rows", "90"),
        ("paradigm[after-fine-tuning].pruning_training.num_train_epochs", "2"), ("paradigm[after-fine-tuning].pruning_training.eval_steps", "20"), ("paradigm[after-fine-tuning].pruning_training.out_of_distribution_sample_rows", "90"),
    ];

    [BrowserFact]
    public async Task A_run_is_filled_in_launched_watched_live_served_and_asked()
    {
        await using var server = await LabServer.StartAsync(postgres, "web,train");
        await using var window = await browser.OpenAsync(server);
        var arrivals = new ConcurrentQueue<(string Kind, double Milliseconds)>();
        await window.Page.ExposeFunctionAsync("arrived", (string kind, double milliseconds) =>
        {
            arrivals.Enqueue((kind, milliseconds));
            return true; // the library knows no action of two values
        });
        await window.Page.AddInitScriptAsync(TellArrivals);

        await LaunchAsync(window);
        await WatchAsync(window);
        await ServeAsync(window);
        await AskAsync(window);

        Assert.Empty(window.Errors);
        WriteLatencies([.. arrivals.Where(arrival => arrival.Kind is "step_measured" or "evaluated").Select(arrival => arrival.Milliseconds).Order()]);
    }

    private static async Task LaunchAsync(BrowserWindow window)
    {
        await window.Page.GotoAsync("/runs/new");
        foreach (var (name, value) in Choices)
            await window.Field(name).SelectOptionAsync(value);
        foreach (var (name, value) in Values)
            await window.Field(name).FillAsync(value);
        await window.Button("Launch").ClickAsync();
        await window.Page.Locator("run-progress, [role=alert]").First.WaitForAsync();
        Assert.Empty(await window.Page.GetByRole(AriaRole.Alert).AllTextContentsAsync());
        Assert.Matches("/runs/[^/]+-1$", window.Page.Url);
    }

    private static async Task WatchAsync(BrowserWindow window)
    {
        var page = window.Page;
        await page.EvaluateAsync("() => { window.isFirstDocument = true; }");
        var last = page.GetByRole(AriaRole.Table, new() { Name = "Training loss" }).Locator("tbody td").First;
        await Assertions.Expect(last).ToHaveTextAsync(Number(), new() { Timeout = 120_000 });
        Assert.True(await page.EvaluateAsync<bool>("() => window.isFirstDocument === true"), "the point came without a reload");
        await Assertions.Expect(window.State).ToHaveTextAsync("succeeded", new() { Timeout = 120_000 });
        var scores = page.GetByRole(AriaRole.Table, new() { Name = "Final scores over whole sets" });
        await scores.WaitForAsync();
        Assert.Contains("n", await scores.Locator("th").AllTextContentsAsync());
        await Assertions.Expect(scores.GetByRole(AriaRole.Cell, new() { Name = "90", Exact = true }).First).ToBeVisibleAsync();
    }

    private static async Task ServeAsync(BrowserWindow window)
    {
        await window.Page.GotoAsync("/models");
        var newest = window.Page.Locator("tbody tr").First;
        await newest.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Make default") }).ClickAsync();
        await Assertions.Expect(newest.Locator("th .tag")).ToHaveTextAsync("default");
    }

    private static async Task AskAsync(BrowserWindow window)
    {
        await window.Page.GotoAsync("/predict");
        await window.Page.GetByRole(AriaRole.Checkbox).First.UncheckAsync();
        await window.Page.GetByLabel("Premise").FillAsync("the farmer near the hunter helped the caller");
        await window.Page.GetByLabel("Hypothesis").FillAsync("the hunter helped the caller");
        await window.Button("Predict").ClickAsync();
        var answers = window.Page.Locator("[data-results] table.bars");
        await answers.WaitForAsync();
        Assert.Equal(["contradiction", "entailment", "neutral"], (await answers.Locator("thead th").AllTextContentsAsync()).Skip(1).Take(3));
        var probabilities = (await answers.Locator(".bar").AllTextContentsAsync()).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(3, probabilities.Count);
        // Three decimals are shown of each.
        Assert.Equal(1, probabilities.Sum(), 0.0016);
    }

    private void WriteLatencies(double[] milliseconds)
    {
        Assert.NotEmpty(milliseconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds.Length} points from their own time to the page: p50 {milliseconds[milliseconds.Length / 2]:0} ms, p95 {milliseconds[(int)(milliseconds.Length * 0.95)]:0} ms, most {milliseconds[^1]:0} ms"));
    }

    [GeneratedRegex(@"^\d[\d.e-]*$")]
    private static partial Regex Number();
}
