using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>A page in a context of its own, with all errors that it wrote to the console.</summary>
internal sealed class BrowserWindow : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();

    public BrowserWindow(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _errors.Enqueue($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsProvoked(message.Text))
                _errors.Enqueue($"{page.Url}: {message.Text}");
        };
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The control of a generated form, by the name it is posted under.</summary>
    public ILocator Field(string name) => Page.Locator($"[name=\"{name}\"]");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The state in the overview of a run's page.</summary>
    public ILocator State => Page.Locator("run-progress .state");

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    // The browser's own line about an answer that a test asked for, such as the page of a faulty form.
    private static bool IsProvoked(string text) => text.Contains("server responded with a status of 4", StringComparison.Ordinal);
}
