using Microsoft.Playwright;
using SparseRobust.Web.Tests.Browser;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>Importing on the page of models, with and without JavaScript.</summary>
[Collection(PostgresTests.Name)]
public sealed class PretrainedPageTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Without_JavaScript_a_model_is_fetched_refused_sent_and_deleted()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Files["config.json"] = ModelFixture.ConfigWith("model_type", "gpt2");
        await using var server = await LabServer.StartAsync(postgres, "web", options => options with { HubEndpoint = hub.Address });
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync("/models");
        await FetchAsync(window);
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("tiny is being imported");
        var row = window.Page.Locator("[data-import=tiny]");
        await Eventually.HoldsAsync(async () => (await window.Page.GotoAsync("/models"))!.Ok && (await row.InnerTextAsync()).Contains("ModelInvalid", StringComparison.Ordinal), () => "it failed");
        await Assertions.Expect(row).ToContainTextAsync("\"gpt2\"");
        hub.Files["config.json"] = ModelFixture.Config;
        await window.Button("Start again: tiny").ClickAsync();
        var model = window.Page.Locator("section[aria-labelledby=pretrained] tbody tr");
        await Eventually.HoldsAsync(async () => (await window.Page.GotoAsync("/models"))!.Ok && await model.CountAsync() == 1, () => "it is imported");
        await Assertions.Expect(model).ToContainTextAsync("owner/tiny-bert at main");
        await Assertions.Expect(row).ToHaveCountAsync(0);

        await SendAsync(window, "other", ModelFixture.Zip(ModelFixture.Files()));
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("other is imported");
        await SendAsync(window, "third", [1, 2, 3]);
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("ModelInvalid");
        await window.Page.Locator("#import-path").FillAsync("/etc");
        await window.Page.Locator("#import-folder-name").FillAsync("fourth");
        await window.Button("Copy it").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Server:ImportFolders");
        await window.Page.Locator("summary[aria-label='Delete other']").ClickAsync();
        await window.Button("Delete other for good").ClickAsync();
        await Assertions.Expect(model).ToHaveCountAsync(1);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task An_import_s_progress_is_live_and_the_page_has_no_faults_meanwhile()
    {
        await using var hub = await FakeHub.StartAsync();
        var goOn = new TaskCompletionSource();
        hub.Before = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/model.safetensors", StringComparison.Ordinal))
            {
                context.Response.ContentLength = ModelFixture.Weights.Length;
                await context.Response.Body.WriteAsync(ModelFixture.Weights.AsMemory(0, 10_240));
                await context.Response.Body.FlushAsync();
                await goOn.Task;
                await context.Response.Body.WriteAsync(ModelFixture.Weights.AsMemory(10_240));
                return true;
            }
            return false;
        };
        await using var server = await LabServer.StartAsync(postgres, "web", options => options with { HubEndpoint = hub.Address });
        await using var window = await browser.OpenAsync(server);
        await Axe.PrepareAsync(window);
        await window.Page.GotoAsync("/models");
        await FetchAsync(window);
        await Assertions.Expect(window.Page.Locator("[data-import=tiny] [data-bytes]")).ToContainTextAsync("10.");
        Assert.Empty(await Axe.FaultsAsync(window.Page));
        await PictureAsync(window, "importing");
        goOn.SetResult();
        await Assertions.Expect(window.Page.Locator("section[aria-labelledby=pretrained] tbody tr")).ToContainTextAsync("tiny");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
        Assert.Empty(await Axe.FaultsAsync(window.Page));
        await PictureAsync(window, "imported");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task An_archive_is_sent_and_a_refusal_is_shown_beside_the_form()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        await using var window = await browser.OpenAsync(server);
        await Axe.PrepareAsync(window);
        await window.Page.GotoAsync("/models");
        await window.Page.WaitForFunctionAsync("() => customElements.get('archive-form')");
        await SendAsync(window, "tiny", [1, 2, 3]);
        await Assertions.Expect(window.Page.Locator("archive-form [role=alert]")).ToContainTextAsync("no whole .zip");
        Assert.Empty(await Axe.FaultsAsync(window.Page));
        await SendAsync(window, "tiny", ModelFixture.Zip(ModelFixture.Files()));
        await Assertions.Expect(window.Page.Locator("section[aria-labelledby=pretrained] tbody tr")).ToContainTextAsync("model.zip");
        Assert.Empty(window.Errors);
    }

    [PostgresFact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        var server = await postgres.IdleServerAsync();
        using var form = new MultipartFormDataContent { { new StringContent("tiny"), "name" }, { new ByteArrayContent(ModelFixture.Zip(ModelFixture.Files())), "file", "model.zip" } };
        using var response = await server.Client.PostAsync(new Uri("/models/import/archive", UriKind.Relative), form);
        Assert.Contains("too old or not of this server", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(server.Storage, "models", "tiny")));
    }

    private static async Task FetchAsync(BrowserWindow window)
    {
        await window.Page.Locator("#import-repository").FillAsync(FakeHub.Repository);
        await window.Page.Locator("#import-hub-name").FillAsync("tiny");
        await window.Button("Fetch it").ClickAsync();
    }

    private static async Task SendAsync(BrowserWindow window, string name, byte[] archive)
    {
        await window.Page.Locator("#import-archive-name").FillAsync(name);
        await window.Page.Locator("#import-file").SetInputFilesAsync(new FilePayload { Name = "model.zip", MimeType = "application/zip", Buffer = archive });
        await window.Button("Send it").ClickAsync();
    }

    // To be looked at by whoever changes the page.
    private static async Task PictureAsync(BrowserWindow window, string name)
    {
        if (Environment.GetEnvironmentVariable("SPARSEROBUST_SCREENSHOTS") is not { } folder)
            return;
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            foreach (var width in new[] { 1440, 400 })
            {
                await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await window.Page.SetViewportSizeAsync(width, 900);
                await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{scheme}.png"), FullPage = true });
            }
        await window.Page.SetViewportSizeAsync(1440, 900);
    }
}
