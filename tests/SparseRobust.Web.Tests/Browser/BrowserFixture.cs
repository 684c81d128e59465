using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>One browser for the tests of a class. It starts with the first page, so that tests which are left out need none.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>A window with cookies of its own.</summary>
    /// <param name="server">Where addresses without a host lead.</param>
    /// <param name="change">Further options, such as JavaScriptEnabled.</param>
    internal async Task<BrowserWindow> OpenAsync(LabServer server, Action<BrowserNewContextOptions>? change = null)
    {
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await Chromium.LaunchAsync(_playwright);
        var options = new BrowserNewContextOptions { BaseURL = server.Client.BaseAddress!.ToString(), ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce };
        change?.Invoke(options);
        var context = await _browser.NewContextAsync(options);
        // A busy machine is no failure: only what does not happen at all is.
        context.SetDefaultTimeout(60_000);
        return new BrowserWindow(context, await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
