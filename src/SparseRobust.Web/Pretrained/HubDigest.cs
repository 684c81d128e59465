using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Pretrained;

/// <summary>Compares a fetched file with what a hub says of it: its size, and its SHA-256 or its Git blob id.</summary>
/// <remarks>Source: Git's object format: a blob's id is the SHA-1 of "blob ", the number of bytes in decimal, a null character and the content.</remarks>
internal static partial class HubDigest
{
    /// <exception cref="Problem">DownloadFailed: it is another file, or a damaged one.</exception>
    public static void Require(string folder, ImportedFile file, HubFile listed, TransferHead? said)
    {
        foreach (var size in new[] { listed.Size, said?.LinkedSize }.OfType<long>().Where(size => size != file.Size))
            throw Wrong(file, $"{file.Size} bytes", $"{size}");
        foreach (var digest in new[] { listed.Digest, said?.LinkedETag }.OfType<string>().Where(digest => DigestPattern().IsMatch(digest)).Distinct())
        {
            var own = digest.Length == 64 ? file.Sha256 : BlobId(Path.Combine(folder, file.Name), file.Size);
            if (own != digest)
                throw Wrong(file, $"{(digest.Length == 64 ? "SHA-256" : "the Git blob id")} {own}", digest);
        }
    }

    private static Problem Wrong(ImportedFile file, string own, string due) =>
        new("DownloadFailed", $"{file.Name} has {own}, and the hub says {due}. What came was damaged on the way or is another file; it was not kept. Start again to fetch it anew.");

    private static string BlobId(string path, long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {size}\0")));
        using var content = File.OpenRead(path);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = content.Read(buffer)) > 0)
            hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [GeneratedRegex(@"^([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex DigestPattern();
}
