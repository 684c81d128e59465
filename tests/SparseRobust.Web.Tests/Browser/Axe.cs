using System.Globalization;
using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>axe-core, from the packages of the client's build, in a page in both themes and at both widths.</summary>
internal static class Axe
{
    private const string Run = """
        async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
          .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`))
        """;

    private const string WidestRightEdge = """
        () => document.documentElement.scrollWidth <= innerWidth ? "" : [...document.querySelectorAll("body *")]
          .filter(element => element.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(element => element.outerHTML.slice(0, 90)).join(" | ") || "unknown element"
        """;

    private static readonly string Script = Path.Combine(Checkout.Root, "src/SparseRobust.Web/ClientApp/node_modules/axe-core/axe.min.js");

    public static async Task PrepareAsync(BrowserWindow window)
    {
        Assert.True(File.Exists(Script), $"{Script} is missing; the build of SparseRobust.Web puts it there (npm ci)");
        await window.Page.AddInitScriptAsync(scriptPath: Script);
    }

    /// <summary>Everything that is wrong with the page as it is now, one line each.</summary>
    public static async Task<List<string>> FaultsAsync(IPage page)
    {
        var faults = new List<string>();
        foreach (var width in new[] { 1440, 390 })
        {
            await page.SetViewportSizeAsync(width, 900);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var found = await page.EvaluateAsync<string[]>(Run);
                faults.AddRange(found.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{page.Url} {scheme} {width}: {fault}")));
            }
            if (await page.EvaluateAsync<string>(WidestRightEdge) is { Length: > 0 } wide)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{page.Url} {width}: wider than the window: {wide}"));
        }
        return faults;
    }
}
