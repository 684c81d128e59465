using System.Collections.Concurrent;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Datasets;

/// <summary>Fetches datasets from the addresses it is given, one download a split, and keeps account of them on the disk. Ends with the server; what came is kept for the next start.</summary>
internal sealed class DatasetDownloads(DatasetIntake intake, FileTransfer transfer, DownloadHosts hosts, DownloadRecords records, ServerOptions options, TimeProvider time, ILogger<DatasetDownloads> logger) : IHostedService
{
    // Another node's download that has not been heard of for longer has ended with its node.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<PublishedSplit, Active> _active = [];
    private readonly Lock _gate = new();

    /// <summary>Begins, or goes on with what came of the same file before.</summary>
    /// <exception cref="Problem">RequestInvalid, HostRefused, StateConflict.</exception>
    public DatasetDownload Start(PublishedSplit split, StartDownload request)
    {
        var address = hosts.Require(request.Url);
        var checksum = DatasetDelivery.Checksum(request.Sha256) ?? throw Problem.Invalid("$.sha256", "is empty: what is fetched must be known by its SHA-256.");
        var delivery = new DatasetDelivery(split) { Sha256 = checksum, FileName = request.File ?? Path.GetFileName(address.LocalPath), Replace = request.Replace };
        intake.RequirePlace(delivery);
        lock (_gate)
        {
            var last = Find(split);
            if (last is { State: DownloadState.Fetching or DownloadState.Checking })
                throw Problem.Conflict($"{split.Title} is being fetched from {last.Url} already. Wait for it, or cancel it first.");
            if (last?.Url != address.AbsoluteUri || last.Sha256 != checksum)
                records.DropPart(split);
            var now = time.GetUtcNow();
            var download = new DatasetDownload
            {
                Name = split.Name, Split = split.Split, Url = address.AbsoluteUri, Sha256 = checksum, File = request.File, Replace = request.Replace,
                State = DownloadState.Fetching, Node = options.NodeId, StartedAt = now, SeenAt = now,
            };
            records.Write(split, download);
            var active = new Active(download);
            _active[split] = active;
            active.Work = Task.Run(() => RunAsync(split, active, delivery, address));
            return Find(split)!;
        }
    }

    /// <summary>The split's last download; null when there was none.</summary>
    public DatasetDownload? Find(PublishedSplit split) => records.Read(split) is { } download ? AsOfNow(split, download) : null;

    /// <summary>The last download of every split that had one.</summary>
    public IReadOnlyList<DatasetDownload> List() => [.. records.ReadAll().Select(download => AsOfNow(DatasetDelivery.Find(download.Name, download.Split), download))];

    /// <summary>Ends it if it is under way here, and forgets it with what came.</summary>
    /// <exception cref="Problem">NotFound; StateConflict: another node fetches it.</exception>
    public async Task ForgetAsync(PublishedSplit split)
    {
        Active? active;
        lock (_gate)
            active = _active.GetValueOrDefault(split);
        if (active is not null)
            await active.EndAsync();
        var last = Find(split) ?? throw Problem.NotFound("download of", $"{split.Name}/{split.Split}");
        if (last.State is DownloadState.Fetching or DownloadState.Checking)
            throw Problem.Conflict($"{split.Title} is being fetched by {last.Node}. Ask that node, or wait.");
        records.Drop(split);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_active.Values.Select(active => active.EndAsync())).WaitAsync(cancellationToken);

    private DatasetDownload AsOfNow(PublishedSplit split, DatasetDownload download)
    {
        if (download.State is not (DownloadState.Fetching or DownloadState.Checking))
            return download;
        if (_active.TryGetValue(split, out var active))
            return download with { State = active.Download.State, TotalBytes = active.Download.TotalBytes };
        var isElsewhere = download.Node != options.NodeId && time.GetUtcNow() - download.SeenAt < Silence;
        return isElsewhere ? download : download with { State = DownloadState.Interrupted };
    }

    private async Task RunAsync(PublishedSplit split, Active active, DatasetDelivery delivery, Uri address)
    {
        try
        {
            await using var beat = time.CreateTimer(_ => TryWrite(split, active, download => download), null, Beat, Beat);
            var end = await EndAsync(split, active, delivery, address);
            TryWrite(split, active, end);
        }
        finally
        {
            _active.TryRemove(KeyValuePair.Create(split, active));
        }
    }

    // A record that cannot be written says "fetching" to the next start, which then calls it interrupted.
    private void TryWrite(PublishedSplit split, Active active, Func<DatasetDownload, DatasetDownload> change)
    {
        try
        {
            active.Change(download => Write(split, change(download) with { SeenAt = time.GetUtcNow() }));
        }
        catch (Exception e) when (e is LabException or IOException or UnauthorizedAccessException)
        {
            logger.LogError(e, "The record of fetching {Split} cannot be written", split.Title);
        }
    }

    private async Task<Func<DatasetDownload, DatasetDownload>> EndAsync(PublishedSplit split, Active active, DatasetDelivery delivery, Uri address)
    {
        try
        {
            await transfer.FetchAsync(new TransferRequest(address, records.PartOf(split))
            {
                MostBytes = options.DatasetBytes,
                TooLarge = () => DatasetFile.TooLarge("The file", options.DatasetBytes),
                OnHead = head => active.Change(download => download with { TotalBytes = head.Length ?? download.TotalBytes }),
            }, active.Stop.Token);
            var length = new FileInfo(records.PartOf(split)).Length;
            active.Change(download => Write(split, download with { State = DownloadState.Checking, ReceivedBytes = length, TotalBytes = length }));
            await intake.PublishAsync(delivery, records.PartOf(split), active.Stop.Token);
            return download => download with { State = DownloadState.Succeeded };
        }
        catch (OperationCanceledException) when (active.Stop.IsCancellationRequested)
        {
            return download => download with { State = DownloadState.Interrupted };
        }
        catch (Exception e)
        {
            var (code, message, _) = ProblemMap.Explain(e);
            if (code == "Unexpected")
                logger.LogError(e, "Fetching {Split} failed", split.Title);
            // To go on with these bytes would end the same way.
            if (code is nameof(ProblemCode.DatasetInvalid) or "RequestTooLarge")
                records.DropPart(split);
            return download => download with { State = DownloadState.Failed, Problem = new RunProblem(code, message) };
        }
    }

    private DatasetDownload Write(PublishedSplit split, DatasetDownload download)
    {
        records.Write(split, download);
        return download;
    }

    /// <summary>One under way here; its state changes by turns.</summary>
    private sealed class Active(DatasetDownload download)
    {
        private readonly Lock _turn = new();

        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        public DatasetDownload Download { get; private set; } = download;

        public async Task EndAsync()
        {
            await Stop.CancelAsync();
            await Work;
        }

        public void Change(Func<DatasetDownload, DatasetDownload> change)
        {
            lock (_turn)
                Download = change(Download);
        }
    }
}
