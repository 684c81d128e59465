using Microsoft.Playwright;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>The machine's own Chromium; none is downloaded.</summary>
internal static class Chromium
{
    public const string SkipVariable = "SPARSEROBUST_SKIP_BROWSER";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Find() ?? throw new InvalidOperationException($"Chromium is not installed (looked for {string.Join(", ", Names)} on the PATH). Install it, such as with apt-get install chromium, or set {SkipVariable} to leave these tests out."),
        // As root there is no sandbox; a container has no GPU; QUIC would look for a network.
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"],
    });
}

/// <summary>A test with a real browser on a real server. Without Chromium it fails, unless SPARSEROBUST_SKIP_BROWSER is set.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Reason;

    /// <summary>Why tests in a browser are left out; null when they are not.</summary>
    public static string? Reason => Environment.GetEnvironmentVariable(Chromium.SkipVariable) is not null && Chromium.Find() is null
        ? $"Chromium is not installed, and {Chromium.SkipVariable} is set"
        : new PostgresFactAttribute().Skip;
}
