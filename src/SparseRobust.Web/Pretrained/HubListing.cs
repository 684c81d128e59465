using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Pretrained;

/// <summary>What a hub says that a repository holds at a commit.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">Its files, also those in folders.</param>
internal sealed partial record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <exception cref="Problem">DownloadFailed: it is no such answer.</exception>
    public static HubListing Read(byte[] json, string what)
    {
        try
        {
            var answer = JsonSerializer.Deserialize<Answer>(json, Json);
            if (answer?.Sha is not { } commit || !CommitPattern().IsMatch(commit) || answer.Siblings is null)
                throw new JsonException("it names no commit (sha) or no files (siblings).");
            return new HubListing(commit, [.. answer.Siblings.Where(file => file.Rfilename is not null).Select(HubFile.Of)]);
        }
        catch (JsonException e)
        {
            throw new Problem("DownloadFailed", $"{what} is not what a hub answers: {e.Message} Check the server's option Server:HubEndpoint.");
        }
    }

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex CommitPattern();

    private sealed record Answer(string? Sha, IReadOnlyList<Sibling>? Siblings);

    internal sealed record Sibling(string? Rfilename, long? Size, string? BlobId, LargeFile? Lfs);

    internal sealed record LargeFile(string? Sha256, long? Size, [property: JsonPropertyName("oid")] string? Oid);
}

/// <summary>A file of a repository.</summary>
/// <param name="Name">With its folders.</param>
/// <param name="Size">Bytes; null when the hub does not say.</param>
/// <param name="Digest">Its SHA-256 (64 hexadecimal digits) or its Git blob id (40); null when the hub does not say.</param>
internal sealed record HubFile(string Name, long? Size, string? Digest)
{
    public static HubFile Of(HubListing.Sibling file) => new(file.Rfilename!, file.Lfs?.Size ?? file.Size, file.Lfs is { } large ? large.Sha256 ?? large.Oid : file.BlobId);
}
