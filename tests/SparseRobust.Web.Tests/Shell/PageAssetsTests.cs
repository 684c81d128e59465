using System.Net;
using System.Text.RegularExpressions;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Shell;

/// <summary>A server that finds its assets only by name answers them all with an empty 200, so bodies are looked at.</summary>
[Collection(PostgresTests.Name)]
public sealed partial class PageAssetsTests(PostgresFixture postgres)
{
    private static readonly string[] Pages = ["/runs", "/runs/new", "/presets", "/sweeps", "/predict", "/models", "/datasets", "/nodes", "/problems", "/style", "/login"];

    [PostgresFact]
    public async Task Every_asset_that_pages_name_or_scripts_load_is_there_with_its_type()
    {
        var server = await postgres.TrainedServerAsync();
        var run = (await server.Client.JsonAsync("/api/v1/runs")).GetProperty("items")[0].GetProperty("id").GetString();
        var addresses = new HashSet<string>();
        foreach (var page in Pages.Concat([$"/runs/{run}", $"/runs/{run}/examples"]))
            addresses.UnionWith(Named().Matches(await server.Client.GetStringAsync(new Uri(page, UriKind.Relative))).Select(match => "/" + match.Groups[1].Value));
        foreach (var kind in new[] { "/css/", "/dist/", "/favicon" })
            Assert.Contains(addresses, address => address.StartsWith(kind, StringComparison.Ordinal));

        var pending = new Queue<string>(addresses);
        while (pending.TryDequeue(out var address))
        {
            var text = await RequireAsync(server.Client, address);
            foreach (Match import in Imported().Matches(address.EndsWith(".js", StringComparison.Ordinal) ? text : ""))
            {
                if (addresses.Add("/dist/" + import.Groups[1].Value))
                    pending.Enqueue("/dist/" + import.Groups[1].Value);
            }
        }
        var built = Directory.GetFiles(Path.Combine(Checkout.Root, "wwwroot/dist"), "*.js").Select(file => "/dist/" + Path.GetFileName(file)).ToList();
        Assert.True(built.Count > 9, "an entry and a chunk for each island");
        foreach (var address in built.Where(address => !addresses.Contains(address)))
            await RequireAsync(server.Client, address);
    }

    private static async Task<string> RequireAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(text.Length > 0, $"{address} is empty");
        Assert.Equal((address, TypeOf(address)), (address, response.Content.Headers.ContentType?.MediaType));
        return text;
    }

    private static string? TypeOf(string address) => Path.GetExtension(address) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".svg" => "image/svg+xml",
        _ => null,
    };

    [GeneratedRegex("""(?:href|src)="/?((?:css|dist|favicon)[^"]*\.(?:css|js|svg|ico|png))["]""")]
    private static partial Regex Named();

    [GeneratedRegex("""(?:from|import\(?)\s*"\./([^"]+\.js)["]""")]
    private static partial Regex Imported();
}
