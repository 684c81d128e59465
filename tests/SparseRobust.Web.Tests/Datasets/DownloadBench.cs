using Microsoft.Extensions.Logging.Abstractions;
using SparseRobust.Lab.Data;
using SparseRobust.Web.Datasets;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Datasets;

/// <summary>A server's part that fetches, without the server; it can be ended and started again on the same folder.</summary>
internal sealed class DownloadBench : IAsyncDisposable
{
    private readonly OpenFolder _folder = new();
    private readonly ServerOptions _options;
    private readonly List<IDisposable> _owned = [];

    public DownloadBench(string hosts, long datasetBytes = 20_000)
    {
        _options = new ServerOptions { Storage = _folder.Path, NodeName = "bench", DownloadHosts = hosts, DatasetBytes = datasetBytes };
        Downloads = Make();
    }

    public static PublishedSplit Split { get; } = DatasetDelivery.Find("rte", "train");

    public DatasetDownloads Downloads { get; private set; }

    public DatasetFolders Folders => _options.Folders;

    /// <summary>Every file below the data folder but the records of downloads.</summary>
    public string[] Files => Directory.Exists(_folder.Inside("datasets"))
        ? [.. Directory.GetFiles(_folder.Inside("datasets"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".json", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(_folder.Inside("datasets"), file))]
        : [];

    public DatasetDownload Start(Uri address, byte[] content, bool replace = false) =>
        Downloads.Start(Split, new StartDownload { Url = address.AbsoluteUri, Sha256 = DatasetFixture.Sha256(content), Replace = replace });

    public async Task<DatasetDownload> EndAsync(DownloadState state)
    {
        await Eventually.HoldsAsync(() => Downloads.Find(Split)?.State is not (null or DownloadState.Fetching or DownloadState.Checking), () => $"{Downloads.Find(Split)}");
        var download = Downloads.Find(Split)!;
        Assert.True(download.State == state, $"{download}");
        return download;
    }

    public Task StopAsync() => Downloads.StopAsync(CancellationToken.None);

    /// <summary>As after a start of the server.</summary>
    public void StartAgain() => Downloads = Make();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _owned.ForEach(each => each.Dispose());
        _folder.Dispose();
    }

    private DatasetDownloads Make()
    {
        var storage = new Storage(_options.Storage);
        var hosts = new DownloadHosts(_options);
        var intake = new DatasetIntake(storage, _options, TimeProvider.System);
        var transfer = new FileTransfer(hosts, TimeProvider.System);
        var downloads = new DatasetDownloads(intake, transfer, hosts, new DownloadRecords(storage), _options, TimeProvider.System, NullLogger<DatasetDownloads>.Instance);
        _owned.AddRange([intake, transfer]);
        return downloads;
    }
}
