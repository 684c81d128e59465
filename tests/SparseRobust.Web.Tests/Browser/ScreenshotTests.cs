using System.Net;
using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>The pictures of the README, written where SPARSEROBUST_SCREENSHOTS says; without it nothing is done.</summary>
[Collection(PostgresTests.Name)]
public sealed class ScreenshotTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int MostBytes = 200_000;

    // Small enough for a minute or two, large enough that the curves say something.
    private const string Sweep = """
        {"name":"objectives and sparsities","tags":["example"],"seeds":[1,2],
         "grid":{"paradigm.pruning_training.objective.kind":["cross-entropy","product-of-experts"],"paradigm.pruning.sparsity":[0.5,0.7]},
         "recipe":{"task":{"kind":"shortcut-nli","train_rows":6000,"evaluation_rows":600},"max_length":64,
          "model":{"kind":"bert","num_hidden_layers":4,"hidden_size":64,"num_attention_heads":4,"intermediate_size":128,"max_position_embeddings":64,"initializer_range":0.06},
          "paradigm":{"kind":"after-fine-tuning","fine_tuning":{"num_train_epochs":2,"eval_steps":60,"learning_rate":1.3e-3,"warmup_steps":0.1,"out_of_distribution_sample_rows":300},
           "pruning":{"kind":"mask-training","sparsity":0.5},
           "pruning_training":{"objective":{"kind":"product-of-experts"},"num_train_epochs":2,"eval_steps":60,"learning_rate":2e-3,"out_of_distribution_sample_rows":300}}}}
        """;

    private static readonly string? Folder = Environment.GetEnvironmentVariable("SPARSEROBUST_SCREENSHOTS");

    [ScreenshotFact]
    public async Task The_pictures_of_the_README_are_written()
    {
        await using var server = await LabServer.StartAsync(postgres, "web,train");
        var runs = await LaunchAsync(server);
        foreach (var run in runs)
            await server.Client.StateAsync(run, "succeeded");
        await using var window = await browser.OpenAsync(server, options => options.ViewportSize = new() { Width = 1280, Height = 900 });
        await window.Page.GotoAsync("/runs?group=recipe");
        await SaveAsync(window.Page, "runs");
        await window.Page.GotoAsync($"/runs/{runs[^1]}");
        await window.Page.Locator("metric-chart .uplot").First.WaitForAsync();
        await SaveAsync(window.Page, "run");
        await window.Page.Locator("#scores").EvaluateAsync("heading => scrollTo(0, heading.getBoundingClientRect().top + scrollY - 16)");
        await SaveAsync(window.Page, "scores-and-masks");
        await window.Page.GotoAsync("/runs/new");
        await window.Page.Locator("[data-plan] *").First.WaitForAsync();
        await SaveAsync(window.Page, "new-run");
        await PredictAsync(window);
        await SaveAsync(window.Page, "predict");
        Assert.Empty(window.Errors);
    }

    private static async Task<IReadOnlyList<string>> LaunchAsync(LabServer server)
    {
        var (status, json) = await server.Client.SendAsync(HttpMethod.Post, "/api/v1/sweeps", Sweep);
        Assert.True(status == HttpStatusCode.Created, $"{status}: {json}");
        return [.. json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
    }

    private static async Task PredictAsync(BrowserWindow window)
    {
        await window.Page.GotoAsync("/predict");
        await window.Page.GetByLabel("Premise").FillAsync("the farmer but not the hunter helped the caller");
        await window.Page.GetByLabel("Hypothesis").FillAsync("the hunter helped the caller");
        await window.Page.GetByRole(AriaRole.Checkbox).Nth(2).CheckAsync();
        await window.Button("Predict").ClickAsync();
        await Assertions.Expect(window.Page.Locator("[data-results] tbody tr")).ToHaveCountAsync(2);
        await window.Page.Locator("[data-results]").EvaluateAsync("answers => scrollTo(0, answers.getBoundingClientRect().bottom + scrollY - innerHeight + 16)");
    }

    private static async Task SaveAsync(IPage page, string name)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            // The canvases are drawn anew in the picture after the change.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            var path = Path.Combine(Folder!, $"{name}-{(scheme == ColorScheme.Light ? "light" : "dark")}.png");
            var picture = await page.ScreenshotAsync(new() { Path = path });
            Assert.True(picture.Length < MostBytes, $"{path} has {picture.Length} bytes; at most {MostBytes} go into the repository");
        }
    }

    private sealed class ScreenshotFactAttribute : FactAttribute
    {
        public ScreenshotFactAttribute() => Skip = Folder is null ? "SPARSEROBUST_SCREENSHOTS names no folder" : new BrowserFactAttribute().Skip;
    }
}
