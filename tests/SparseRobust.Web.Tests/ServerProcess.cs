using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests;

/// <summary>The real program as a process, to be killed. It dies with the tests.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private ChildProcess _process = null!;

    private ServerProcess()
    {
    }

    /// <summary>Of a web node that is ready.</summary>
    public HttpClient Client { get; private set; } = null!;

    public int Id => _process.Id;

    public Task<int> Exit => _process.Exit;

    public string Output => string.Join('\n', _lines);

    /// <summary>A web node on a free port, ready to answer. Without --connection it keeps a PostgreSQL in its storage.</summary>
    public static async Task<ServerProcess> StartWebAsync(string storage, params string[] arguments)
    {
        var server = await StartAsync(["--storage", storage, .. arguments.Contains("--port") ? (string[])[] : ["--port", "0"], .. arguments]);
        Match ready = Match.Empty;
        await Eventually.HoldsAsync(() => server._process.HasExited || server._lines.Any(line => (ready = Ready().Match(line)).Success), () => $"the server is ready: {server.Output}");
        Assert.True(ready.Success, server.Output);
        server.Client = new HttpClient { BaseAddress = new Uri(ready.Groups[1].Value), Timeout = TimeSpan.FromMinutes(2) };
        return server;
    }

    /// <summary>The program with arguments, not waited for.</summary>
    public static async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var server = new ServerProcess();
        server._process = await ChildProcess.StartAsync(new ChildProcessStart("dotnet", [Program(), .. arguments])
        {
            Environment = ImmutableDictionary<string, string?>.Empty.Add("SPARSEROBUST_THREADS", "1").Add("Logging__LogLevel__Default", "Information"),
        }, server._lines.Enqueue);
        return server;
    }

    public void Signal(UnixSignal signal) => _process.Signal(signal);

    /// <summary>Asks for the end and gives the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal(UnixSignal.Terminate);
        return Exit;
    }

    /// <summary>kill -9, and waits until its children, who hear of it a moment later, are gone too.</summary>
    public async Task KillAsync()
    {
        var children = Children("");
        Signal(UnixSignal.Kill);
        await Exit;
        await Eventually.HoldsAsync(() => children.All(id => !ChildProcessTests.IsAlive(id)), () => $"the children {string.Join(", ", children)} of {Id} are gone");
    }

    /// <summary>Process ids of the children whose command lines contain a word.</summary>
    public IReadOnlyList<int> Children(string word) => [.. from folder in Directory.GetDirectories("/proc")
        let name = Path.GetFileName(folder)
        where name.All(char.IsAsciiDigit)
        let id = int.Parse(name, CultureInfo.InvariantCulture)
        where ChildProcessTests.Stat(id) is [_, var parent, ..] && parent == $"{Id}" && CommandLine(id).Contains(word, StringComparison.Ordinal)
        select id];

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await KillAsync();
    }

    private static string Program()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(configuration.Parent!.Parent!.FullName, "SparseRobust.Web", configuration.Name, "SparseRobust.Web.dll");
        Assert.True(File.Exists(path), $"{path} is not built");
        return path;
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"ready at (http\S+)")]
    private static partial Regex Ready();
}
