using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using SparseRobust.Web.Tests.Browser;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Datasets;

/// <summary>The page of datasets in a browser whose JavaScript is off, and its form without one.</summary>
[Collection(PostgresTests.Name)]
public sealed class DatasetsPageTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task A_file_is_brought_after_a_broken_one_was_refused_and_its_rows_are_shown()
    {
        await using var server = await LabServer.StartAsync(postgres, "web");
        await using var window = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await window.Page.GotoAsync("/datasets");
        await window.Page.Locator("summary", new() { HasText = "rte" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator(".missing details[open]")).ToContainTextAsync("RTE/train.tsv");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Bring rte train" }).ClickAsync();
        await Assertions.Expect(window.Field("split")).ToHaveValueAsync("rte/train");
        await BringAsync(window, "nonsense", "train.tsv");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("rte/train was not taken");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("DatasetInvalid");
        Assert.Empty(DatasetFixture.FilesOf(server));

        await Assertions.Expect(window.Field("split")).ToHaveValueAsync("rte/train");
        await BringAsync(window, DatasetFixture.Rte + "9\tonly this\n", "whatever.tsv");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("with 5 rows");
        var row = window.Page.Locator(".datasets tbody tr", new() { HasText = "rte" });
        await Assertions.Expect(row).ToContainTextAsync("5 of 2,490");
        await Assertions.Expect(row).ToContainTextAsync("60.0 %");
        await row.Locator("summary").ClickAsync();
        await Assertions.Expect(row.Locator("details")).ToContainTextAsync("Line 7:");

        await window.Field("split").SelectOptionAsync("rte/train");
        await BringAsync(window, DatasetFixture.Rte, "train.tsv");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is here already");
        await window.Field("replace").CheckAsync();
        await BringAsync(window, DatasetFixture.Rte, "train.tsv");
        await Assertions.Expect(window.Page.Locator(".datasets tbody tr", new() { HasText = "rte" })).ToContainTextAsync("none");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_download_that_failed_is_shown_with_its_reason_and_forgotten()
    {
        await using var host = await FileHost.StartAsync(context => Results.NotFound().ExecuteAsync(context));
        await using var server = await LabServer.StartAsync(postgres, "web", options => options with { DownloadHosts = host.Name });
        // The tool that looks for faults is itself a script.
        await using var window = await browser.OpenAsync(server);
        await Axe.PrepareAsync(window);
        await window.Page.GotoAsync("/datasets");
        await window.Page.Locator("#fetch-split").SelectOptionAsync("rte/train");
        await window.Field("url").FillAsync(host.At("/train.tsv").AbsoluteUri);
        await window.Page.Locator("#fetch-sha256").FillAsync(new string('a', 64));
        await window.Button("Fetch it").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("is being fetched");
        var row = window.Page.Locator(".downloads tbody tr");
        await Eventually.HoldsAsync(async () => (await window.Page.GotoAsync("/datasets"))!.Ok && (await row.InnerTextAsync()).Contains("DownloadFailed", StringComparison.Ordinal), () => "it failed");
        await Assertions.Expect(window.Page.Locator(".downloads .state[data-state=failed]")).ToHaveTextAsync("failed");
        Assert.Empty(await Axe.FaultsAsync(window.Page));
        await window.Button("Start again: rte train").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("is being fetched");
        await window.Page.Locator(".downloads form[action='/datasets/forget'] button").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        Assert.Empty(window.Errors);
    }

    [PostgresFact]
    public async Task A_form_without_its_token_changes_nothing_and_a_forged_notice_says_nothing()
    {
        var server = await postgres.IdleServerAsync();
        using var form = new MultipartFormDataContent { { new StringContent("rte/train"), "split" }, { new StringContent(DatasetFixture.Rte), "file", "train.tsv" } };
        using var response = await server.Client.PostAsync(new Uri("/datasets/file", UriKind.Relative), form);
        Assert.Contains("too old or not of this server", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(DatasetFixture.FilesOf(server));
        Assert.DoesNotContain("role=\"alert\"", await server.Client.GetStringAsync(new Uri("/datasets?notice=forged", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task BringAsync(BrowserWindow window, string content, string name)
    {
        await window.Field("file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/plain", Buffer = DatasetFixture.Bytes(content) });
        await window.Button("Bring it").ClickAsync();
    }
}
