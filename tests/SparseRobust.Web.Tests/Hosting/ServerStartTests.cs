using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>Starts of the real program that cannot be.</summary>
[Collection(PostgresTests.Name)]
public sealed class ServerStartTests : IDisposable
{
    private readonly OpenFolder _storage = new();

    [PostgresFact]
    public async Task A_taken_port_and_a_taken_folder_are_refused_in_words()
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
            var refused = await ServerProcess.StartAsync("--storage", _storage.Path, "--port", port, "--workers", "1");
            Assert.Equal(3, await refused.Exit);
            Assert.Contains($"PortTaken: Port {port} on 127.0.0.1 is taken", refused.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(_storage.Inside("postgres/postmaster.pid")), "its PostgreSQL was stopped");
        }
        await using var first = await ServerProcess.StartWebAsync(_storage.Path, "--workers", "0");
        var second = await ServerProcess.StartAsync("--storage", _storage.Path, "--port", "0", "--workers", "0");
        Assert.Equal(3, await second.Exit);
        Assert.Contains($"is in use by another server (process {first.Id} on", second.Output, StringComparison.Ordinal);
        Assert.Equal("ready", (await first.Client.JsonAsync("/health")).GetProperty("status").GetString());
    }

    [PostgresTheory]
    [InlineData("--prot 1", "--prot is no option")]
    [InlineData("--port 70000", "Port")]
    [InlineData("--roles cook", "\"cook\" is no role")]
    [InlineData("--listen 0.0.0.0", "needs an administrator key")]
    [InlineData("--roles train", "needs the database of a web node")]
    [InlineData("--data /nonexistent", "the folder \"/nonexistent\" cannot be read")]
    [InlineData("--data / --data /etc/passwd", "the folder \"/etc/passwd\" cannot be read")]
    public void Options_that_make_no_sense_are_refused_in_words(string arguments, string words)
    {
        var refused = Assert.Throws<HostingException>(() => ServerOptions.From(arguments.Split(' ')));
        Assert.Equal("OptionsInvalid", refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _storage.Dispose();
}
