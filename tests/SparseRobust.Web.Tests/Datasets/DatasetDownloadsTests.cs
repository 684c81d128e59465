using Microsoft.AspNetCore.Http;
using SparseRobust.Web.Datasets;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Datasets;

/// <summary>Fetching from a server of the test's own.</summary>
public sealed class DatasetDownloadsTests
{
    private static readonly byte[] Content = DatasetFixture.Bytes(DatasetFixture.Rte);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_fetched_checked_and_found(bool isGzip)
    {
        var sent = isGzip ? DatasetFixture.Gzip(Content) : Content;
        await using var host = await FileHost.OfAsync(sent);
        await using var bench = new DownloadBench(host.Name);
        Assert.Equal("bench", bench.Start(host.At("/somewhere/train.tsv"), Content).Node);
        var download = await bench.EndAsync(DownloadState.Succeeded);
        Assert.Equal((sent.Length, (long?)sent.Length), (download.ReceivedBytes, download.TotalBytes));
        Assert.Equal([isGzip ? "RTE/train.tsv.gz" : "RTE/train.tsv"], bench.Files);
        Assert.NotNull(DownloadBench.Split.FileIn(bench.Folders));
        Assert.Equal("StateConflict", Assert.Throws<Problem>(() => bench.Start(host.At("/train.tsv"), Content)).Code);
        bench.Start(host.At("/train.tsv"), Content, replace: true);
        await bench.EndAsync(DownloadState.Succeeded);
    }

    [Fact]
    public async Task A_transfer_that_breaks_off_goes_on_where_it_was()
    {
        var requests = 0;
        await using var host = await FileHost.StartAsync(context => ++requests == 1
            ? FileHost.BreakOffAsync(context, Content, 100)
            : Results.Bytes(Content, enableRangeProcessing: true).ExecuteAsync(context));
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        await bench.EndAsync(DownloadState.Succeeded);
        Assert.Equal(["", "bytes=100-"], host.Ranges);
        Assert.Equal(Content, await File.ReadAllBytesAsync(DownloadBench.Split.FileIn(bench.Folders)!));
    }

    [Fact]
    public async Task A_host_that_knows_no_ranges_sends_all_again()
    {
        var requests = 0;
        await using var host = await FileHost.StartAsync(context => ++requests == 1 ? FileHost.BreakOffAsync(context, Content, 100) : context.Response.Body.WriteAsync(Content).AsTask());
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        await bench.EndAsync(DownloadState.Succeeded);
        Assert.Equal(Content, await File.ReadAllBytesAsync(DownloadBench.Split.FileIn(bench.Folders)!));
    }

    [Fact]
    public async Task A_passing_trouble_of_the_host_is_waited_out()
    {
        var requests = 0;
        await using var host = await FileHost.StartAsync(context => ++requests == 1 ? Results.StatusCode(503).ExecuteAsync(context) : Results.Bytes(Content).ExecuteAsync(context));
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        await bench.EndAsync(DownloadState.Succeeded);
        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task What_has_another_checksum_is_refused_and_leaves_nothing()
    {
        await using var host = await FileHost.OfAsync(Content);
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), [1, 2, 3]);
        var download = await bench.EndAsync(DownloadState.Failed);
        Assert.Equal("DatasetInvalid", download.Problem!.Code);
        Assert.Contains(DatasetFixture.Sha256(Content), download.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Files);
    }

    [Fact]
    public async Task What_the_loader_refuses_leaves_nothing()
    {
        var nonsense = DatasetFixture.Bytes("nonsense");
        await using var host = await FileHost.OfAsync(nonsense);
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), nonsense);
        Assert.Equal("DatasetInvalid", (await bench.EndAsync(DownloadState.Failed)).Problem!.Code);
        Assert.Empty(bench.Files);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_asked_for_once()
    {
        await using var host = await FileHost.StartAsync(context => Results.NotFound().ExecuteAsync(context));
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        var problem = (await bench.EndAsync(DownloadState.Failed)).Problem!;
        Assert.Equal("DownloadFailed", problem.Code);
        Assert.Contains("404", problem.Message, StringComparison.Ordinal);
        Assert.Single(host.Ranges);
    }

    [Fact]
    public async Task It_follows_to_an_allowed_host_only()
    {
        await using var files = await FileHost.OfAsync(Content);
        await using var host = await FileHost.StartAsync(context => Results.Redirect(files.At("/there").AbsoluteUri).ExecuteAsync(context));
        await using (var bench = new DownloadBench(host.Name))
        {
            bench.Start(host.At("/train.tsv"), Content);
            var problem = (await bench.EndAsync(DownloadState.Failed)).Problem!;
            Assert.Equal("HostRefused", problem.Code);
            Assert.Contains(files.Name, problem.Message, StringComparison.Ordinal);
            Assert.Empty(files.Ranges);
        }
        await using (var bench = new DownloadBench($"{host.Name}, {files.Name}"))
        {
            bench.Start(host.At("/train.tsv"), Content);
            await bench.EndAsync(DownloadState.Succeeded);
        }
    }

    [Fact]
    public async Task It_does_not_follow_for_ever()
    {
        await using var host = await FileHost.StartAsync(context => Results.Redirect("/again").ExecuteAsync(context));
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        Assert.Equal("DownloadFailed", (await bench.EndAsync(DownloadState.Failed)).Problem!.Code);
        Assert.Equal(6, host.Ranges.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_too_large_is_not_kept_whether_it_says_so_or_not(bool saysSo)
    {
        var large = new byte[30_000];
        await using var host = await FileHost.StartAsync(context =>
        {
            context.Response.ContentLength = saysSo ? large.Length : null;
            return context.Response.Body.WriteAsync(large).AsTask();
        });
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), large);
        Assert.Equal("RequestTooLarge", (await bench.EndAsync(DownloadState.Failed)).Problem!.Code);
        Assert.Empty(bench.Files);
    }

    [Fact]
    public async Task A_server_that_ended_meanwhile_calls_it_interrupted_and_goes_on_when_it_is_started_again()
    {
        var stalls = true;
        await using var host = await FileHost.StartAsync(async context =>
        {
            if (!stalls)
            {
                await Results.Bytes(Content, enableRangeProcessing: true).ExecuteAsync(context);
                return;
            }
            context.Response.ContentLength = Content.Length;
            await context.Response.Body.WriteAsync(Content.AsMemory(0, 100));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        await Eventually.HoldsAsync(() => bench.Downloads.Find(DownloadBench.Split) is { State: DownloadState.Fetching, TotalBytes: { } total } download && total == Content.Length && download.ReceivedBytes == 100, "the first part is here");
        Assert.Equal("StateConflict", Assert.Throws<Problem>(() => bench.Start(host.At("/train.tsv"), Content)).Code);
        await bench.StopAsync();
        bench.StartAgain();
        Assert.Equal(100, (await bench.EndAsync(DownloadState.Interrupted)).ReceivedBytes);
        Assert.Single(bench.Downloads.List());
        stalls = false;
        bench.Start(host.At("/train.tsv"), Content);
        await bench.EndAsync(DownloadState.Succeeded);
        Assert.Equal(["", "bytes=100-"], host.Ranges);
    }

    [Fact]
    public async Task A_record_of_a_killed_server_reads_interrupted()
    {
        await using var host = await FileHost.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        var killed = bench.Downloads;
        bench.StartAgain();
        Assert.Equal(DownloadState.Interrupted, bench.Downloads.Find(DownloadBench.Split)!.State);
        await killed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task One_that_is_forgotten_leaves_nothing()
    {
        await using var host = await FileHost.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var bench = new DownloadBench(host.Name);
        bench.Start(host.At("/train.tsv"), Content);
        await bench.Downloads.ForgetAsync(DownloadBench.Split);
        Assert.Null(bench.Downloads.Find(DownloadBench.Split));
        Assert.Empty(bench.Files);
        Assert.Equal("NotFound", (await Assert.ThrowsAsync<Problem>(() => bench.Downloads.ForgetAsync(DownloadBench.Split))).Code);
    }

    [Theory]
    [InlineData("", "http://data.example.org/f", "HostRefused")]
    [InlineData("data.example.org", "http://data.example.org:8080/f", "HostRefused")]
    [InlineData("data.example.org", "https://data.example.org.evil.example/f", "HostRefused")]
    [InlineData("data.example.org", "http://127.0.0.1/f", "HostRefused")]
    [InlineData("data.example.org", "http://data.example.org@127.0.0.1/f", "RequestInvalid")]
    [InlineData("data.example.org", "file:///etc/passwd", "RequestInvalid")]
    [InlineData("data.example.org", "ftp://data.example.org/f", "RequestInvalid")]
    [InlineData("data.example.org", "train.tsv", "RequestInvalid")]
    [InlineData("data.example.org", "https://DATA.example.org/f", null)]
    [InlineData("other.example.org, data.example.org:8080", "http://data.example.org:8080/f", null)]
    public void Only_web_addresses_on_hosts_that_were_named_may_be_asked(string allowed, string url, string? code)
    {
        var hosts = new DownloadHosts(new ServerOptions { DownloadHosts = allowed });
        Assert.Equal(code, (Record.Exception(() => hosts.Require(url)) as Problem)?.Code);
    }
}
