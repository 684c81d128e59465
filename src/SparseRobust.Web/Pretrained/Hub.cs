using System.Net;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Pretrained;

/// <summary>Asks a hub of Hugging Face's kind for what a repository holds, and for its files.</summary>
/// <remarks>Source: the hub's documented addresses, /api/models/{repository}/revision/{revision} and /{repository}/resolve/{commit}/{file}.</remarks>
internal sealed partial class Hub(FileTransfer transfer, ServerOptions options)
{
    private const long LargestListing = 16 << 20;

    // Where Hugging Face's own hub keeps its large files.
    private static readonly string[] FilesOfTheDefaultHub = [".huggingface.co", ".hf.co"];

    private readonly string _endpoint = options.HubEndpoint.TrimEnd('/');

    public bool IsThere => _endpoint.Length > 0;

    /// <summary>For people: huggingface.co.</summary>
    public string Name => IsThere ? new Uri(_endpoint).Authority : "";

    /// <exception cref="Problem">RequestInvalid: they are no names of a repository and a revision. HostRefused: there is no hub.</exception>
    public void Require(HubSource source)
    {
        if (!IsThere)
            throw new Problem("HostRefused", "This server fetches models from no hub. Its operator may name one with the option Server:HubEndpoint; or send the model as an archive.");
        if (!RepositoryPattern().IsMatch(source.Repository) || source.Repository.Contains("..", StringComparison.Ordinal))
            throw Problem.Invalid("$.source.repository", $"\"{source.Repository}\" is no name of a repository, such as google-bert/bert-base-uncased.");
        if (!RevisionPattern().IsMatch(source.Revision) || source.Revision.Contains("..", StringComparison.Ordinal))
            throw Problem.Invalid("$.source.revision", $"\"{source.Revision}\" is no name of a branch, a tag or a commit.");
    }

    /// <summary>What a repository holds at a revision, or at the commit that it meant before.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="commit">The commit; null: whatever the revision means now.</param>
    /// <param name="folder">Where the answer may lie for a moment.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Problem">HubAccessRefused, HubNotFound, DownloadFailed, HostRefused.</exception>
    public async Task<HubListing> ListAsync(HubSource source, string? commit, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, $".listing-{Guid.NewGuid():N}");
        try
        {
            await transfer.FetchAsync(Request(source, $"/api/models/{source.Repository}/revision/{Uri.EscapeDataString(commit ?? source.Revision)}?blobs=true", path, LargestListing), cancellation);
            return HubListing.Read(await File.ReadAllBytesAsync(path, cancellation), $"{Name}'s answer about {source.Repository}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Fetches a file, or the rest of it, and gives what the hub says of it.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="file">Its name, one of those that are known.</param>
    /// <param name="path">Where to; beside it, under .etag, stands which content it is a part of.</param>
    /// <param name="cancellation">Cancels; what came stays.</param>
    public async Task<TransferHead?> FetchAsync(HubSource source, string commit, string file, string path, CancellationToken cancellation)
    {
        var etags = path + ".etag";
        var etag = File.Exists(etags) ? await File.ReadAllTextAsync(etags, cancellation) : null;
        // Of a part without its ETag nobody knows what it is a part of.
        if (etag is null)
            File.Delete(path);
        TransferHead? said = null;
        var request = Request(source, $"/{source.Repository}/resolve/{commit}/{file}", path, ModelFiles.LimitOf(file, options.ModelBytes), etag, head =>
        {
            said = head;
            if (head.ETag is { } current)
                File.WriteAllText(etags, current);
            else
                File.Delete(etags);
        });
        await transfer.FetchAsync(request, cancellation);
        return said;
    }

    private TransferRequest Request(HubSource source, string address, string path, long most, string? etag = null, Action<TransferHead>? onHead = null) => new(new Uri(_endpoint + address), path)
    {
        MostBytes = most,
        TooLarge = () => new Problem("RequestTooLarge", $"{address.Split('?')[0]} has more than the {most} bytes that this server takes. Its operator may raise Server:ModelBytes."),
        Hosts = [new Uri(_endpoint).Authority, .. _endpoint == ServerOptions.DefaultHub ? FilesOfTheDefaultHub : []],
        Token = options.HubToken,
        ETag = etag,
        OnHead = onHead ?? (_ => { }),
        Refuse = status => Refused(source, status),
    };

    private Problem Refused(HubSource source, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized when options.HubToken.Length == 0 => new Problem("HubAccessRefused",
            $"{Name} answered 401 for {source.Repository}: there is no such repository, or it is not for everybody. Check the name; for a private or gated one, the server's operator sets SPARSEROBUST_HUB_TOKEN."),
        HttpStatusCode.Unauthorized => new Problem("HubAccessRefused", $"{Name} answered 401 for {source.Repository}: it does not take the server's token (SPARSEROBUST_HUB_TOKEN). Its operator should make a new one that may read."),
        HttpStatusCode.Forbidden => new Problem("HubAccessRefused", $"{Name} answered 403 for {source.Repository}: the repository is gated. Ask for access on its page with the account whose token the server has (SPARSEROBUST_HUB_TOKEN)."),
        HttpStatusCode.NotFound => new Problem("HubNotFound", $"{Name} answered 404: {source.Repository} is not there, or has no revision \"{source.Revision}\", or not a file that it lists. Check both names on its page."),
        _ => new Problem("DownloadFailed", $"{Name} answered {(int)status} for {source.Repository}. Look at its page in a browser."),
    };

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?\z")]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}\z")]
    private static partial Regex RevisionPattern();
}
