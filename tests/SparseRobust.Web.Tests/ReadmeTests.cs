using System.Diagnostics;
using System.Text.RegularExpressions;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests;

[Collection(PostgresTests.Name)]
public sealed partial class ReadmeTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Every_command_of_the_readme_succeeds()
    {
        var server = await postgres.TrainedServerAsync();
        var script = Script().Match(await File.ReadAllTextAsync(Path.Combine(Root(), "README.md"))).Groups[1].Value;
        Assert.Contains("curl", script, StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script.Replace("SERVER=http://localhost:5080", $"SERVER={server.Client.BaseAddress!.ToString().TrimEnd('/')}", StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{await output}\n{await error}");
        Assert.Contains("\"label\":\"entailment\"", await output, StringComparison.Ordinal);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SparseRobustWeb.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("<!-- run by ReadmeTests -->\n```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
