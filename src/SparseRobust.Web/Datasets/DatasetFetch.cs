using System.Net;
using System.Net.Http.Headers;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>Brings a file from an address to the disk. What breaks off goes on where it was, if the other side can.</summary>
internal sealed class DatasetFetch(DownloadHosts hosts, ServerOptions options, TimeProvider time) : IDisposable
{
    private const int MostRedirects = 5;
    private const int MostTries = 6;
    private const int Block = 1 << 16;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    // Each redirection is looked at before it is followed.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Fetches a file, or the rest of it.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="path">What came before, if anything did; then the whole.</param>
    /// <param name="onLength">Told how many bytes the whole has, as soon as that is known.</param>
    /// <param name="cancellation">Cancels; what came stays.</param>
    /// <exception cref="Problem">DownloadFailed, HostRefused, RequestTooLarge.</exception>
    /// <exception cref="SparseRobust.Lab.Errors.LabException">StorageFull.</exception>
    public async Task FetchAsync(Uri address, string path, Action<long> onLength, CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            var before = LengthOf(path);
            try
            {
                await TransferAsync(address, path, onLength, cancellation);
                return;
            }
            catch (IOException e) when (DurableFile.AsStorageFull(e, path, 0) is { } full)
            {
                throw full;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                // One that gets on, however slowly, is not given up.
                failures = LengthOf(path) > before ? 1 : failures + 1;
                if (failures == MostTries)
                    throw Failed($"{address} could not be fetched in {MostTries} tries, the last of which ended with: {e.Message.TrimEnd('.')}. What came is kept; start again to go on from there.");
                await Task.Delay(TimeSpan.FromSeconds(1 << (failures - 1)), time, cancellation);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static Problem Failed(string message) => new("DownloadFailed", message);

    private async Task TransferAsync(Uri address, string path, Action<long> onLength, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        try
        {
            await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, Block, FileOptions.Asynchronous);
            using var response = await OpenAsync(address, file.Length, silence.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange?.Length == file.Length)
                return;
            // Whoever ignores the range sends all again.
            var start = response.Content.Headers.ContentRange is { From: { } from } && from == file.Length && response.StatusCode == HttpStatusCode.PartialContent ? from : 0;
            file.SetLength(start);
            file.Position = start;
            if (start == 0 && response.StatusCode != HttpStatusCode.OK)
                throw new HttpRequestException("the part that was sent is not the one that was asked for");
            if (response.Content.Headers.ContentLength is { } rest)
                onLength(RequireSize(start + rest));
            await CopyAsync(await response.Content.ReadAsStreamAsync(silence.Token), file, silence);
            file.Flush(flushToDisk: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {Silence.TotalSeconds} seconds");
        }
    }

    private async Task CopyAsync(Stream source, FileStream file, CancellationTokenSource silence)
    {
        var buffer = new byte[Block];
        int read;
        while ((read = await source.ReadAsync(buffer, silence.Token)) > 0)
        {
            silence.CancelAfter(Silence);
            RequireSize(file.Position + read);
            await file.WriteAsync(buffer.AsMemory(0, read), silence.Token);
        }
    }

    private long RequireSize(long length) => length <= options.DatasetBytes ? length : throw DatasetFile.TooLarge("The file", options.DatasetBytes);

    private async Task<HttpResponseMessage> OpenAsync(Uri address, long have, CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hosts.Require(address));
            request.Headers.Range = have > 0 ? new RangeHeaderValue(have, null) : null;
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0)
                return response;
            using (response)
                address = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } next ? new Uri(address, next) : throw Refusal(address, response.StatusCode);
        }
        throw Failed($"{address} leads on and on: more than {MostRedirects} redirections.");
    }

    // The other side's momentary troubles are worth another try.
    private static Exception Refusal(Uri address, HttpStatusCode status) => (int)status is >= 500 or 408 or 429
        ? new HttpRequestException($"it answered {(int)status}")
        : Failed($"{address} answered {(int)status}: there is no such file, or it is not for everybody. Check the address in a browser.");
}
