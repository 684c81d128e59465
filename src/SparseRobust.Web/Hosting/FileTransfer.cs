using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Hosting;

/// <summary>Brings a file from an address to the disk. What breaks off goes on where it was, if the other side can.</summary>
internal sealed class FileTransfer(DownloadHosts hosts, TimeProvider time) : IDisposable
{
    private const int MostRedirects = 5;
    private const int MostTries = 6;
    private const int Block = 1 << 16;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    // Each redirection is looked at before it is followed.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Fetches a file, or the rest of it.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellation">Cancels; what came stays.</param>
    /// <exception cref="Problem">DownloadFailed, HostRefused, RequestTooLarge, and what the request refuses with.</exception>
    /// <exception cref="SparseRobust.Lab.Errors.LabException">StorageFull.</exception>
    public async Task FetchAsync(TransferRequest request, CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            var before = LengthOf(request.Path);
            try
            {
                await TransferAsync(request, cancellation);
                return;
            }
            catch (IOException e) when (DurableFile.AsStorageFull(e, request.Path, 0) is { } full)
            {
                throw full;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                // One that gets on, however slowly, is not given up.
                failures = LengthOf(request.Path) > before ? 1 : failures + 1;
                var asked = (e as BusyException)?.RetryAfter ?? TimeSpan.Zero;
                if (failures == MostTries || asked > LongestWait)
                    throw Failed($"{request.Address} could not be fetched in {failures} {(failures == 1 ? "try" : "tries")}, the last of which ended with: {e.Message.TrimEnd('.')}. What came is kept; start again to go on from there.");
                var pause = TimeSpan.FromSeconds(1 << (failures - 1));
                await Task.Delay(asked > pause ? asked : pause, time, cancellation);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static Problem Failed(string message) => new("DownloadFailed", message);

    private async Task TransferAsync(TransferRequest request, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        try
        {
            // Unbuffered: what came is seen by others, and outlives this process, at once.
            await using var file = new FileStream(request.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            var (response, linked) = await OpenAsync(request, file.Length, silence.Token);
            using (response)
            {
                if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange?.Length == file.Length)
                    return;
                Begin(request, linked, response, file);
                await CopyAsync(request, await response.Content.ReadAsStreamAsync(silence.Token), file, silence);
            }
            file.Flush(flushToDisk: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {Silence.TotalSeconds} seconds");
        }
    }

    /// <summary>Puts the file to where the answer begins.</summary>
    private static void Begin(TransferRequest request, TransferHead linked, HttpResponseMessage response, FileStream file)
    {
        var etag = response.Headers.ETag is { IsWeak: false } strong ? strong.ToString() : null;
        var isChanged = request.ETag is not null && etag is not null && etag != request.ETag;
        // Whoever ignores the range sends all again.
        var start = response.Content.Headers.ContentRange is { From: { } from } && from == file.Length && response.StatusCode == HttpStatusCode.PartialContent && !isChanged ? from : 0;
        file.SetLength(start);
        file.Position = start;
        request.ETag = etag;
        if (start == 0 && response.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException(isChanged ? "the file changed in the middle of the transfer" : "the part that was sent is not the one that was asked for");
        var length = start + response.Content.Headers.ContentLength;
        RequireSize(request, length ?? 0);
        request.OnHead(linked with { Length = length, ETag = etag });
    }

    private static async Task CopyAsync(TransferRequest request, Stream source, FileStream file, CancellationTokenSource silence)
    {
        var buffer = new byte[Block];
        int read;
        while ((read = await source.ReadAsync(buffer, silence.Token)) > 0)
        {
            silence.CancelAfter(Silence);
            RequireSize(request, file.Position + read);
            await file.WriteAsync(buffer.AsMemory(0, read), silence.Token);
        }
    }

    private static void RequireSize(TransferRequest request, long length)
    {
        if (length > request.MostBytes)
            throw request.TooLarge();
    }

    private async Task<(HttpResponseMessage Response, TransferHead Linked)> OpenAsync(TransferRequest asked, long have, CancellationToken cancellation)
    {
        var linked = new TransferHead(null, null, null, null);
        var address = asked.Address;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = Message(asked, hosts.Require(address, asked.Hosts), have);
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (IsOwn(asked, address))
                linked = Linked(response, linked);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0)
                return (response, linked);
            using (response)
                address = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } next ? new Uri(address, next) : throw Refusal(asked, address, response);
        }
        throw Failed($"{asked.Address} leads on and on: more than {MostRedirects} redirections.");
    }

    private static HttpRequestMessage Message(TransferRequest asked, Uri address, long have)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0)
            request.Headers.Range = new RangeHeaderValue(have, null);
        if (have > 0 && asked.ETag is { } etag)
            request.Headers.IfRange = new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(etag));
        if (asked.Token.Length > 0 && IsOwn(asked, address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asked.Token);
        return request;
    }

    private static bool IsOwn(TransferRequest asked, Uri address) => Uri.Compare(asked.Address, address, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static TransferHead Linked(HttpResponseMessage response, TransferHead before) => before with
    {
        LinkedETag = (Field(response, "X-Linked-Etag") ?? before.LinkedETag)?.Trim('"'),
        LinkedSize = long.TryParse(Field(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : before.LinkedSize,
    };

    private static string? Field(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    // The other side's momentary troubles are worth another try.
    private Exception Refusal(TransferRequest asked, Uri address, HttpResponseMessage response) => (int)response.StatusCode is >= 500 or 408 or 429
        ? new BusyException($"it answered {(int)response.StatusCode}") { RetryAfter = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null }
        : asked.Refuse?.Invoke(response.StatusCode) ?? Failed($"{address.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode}: there is no such file, or it is not for everybody. Check the address in a browser.");

    private sealed class BusyException(string message) : HttpRequestException(message)
    {
        public TimeSpan? RetryAfter { get; init; }
    }
}
