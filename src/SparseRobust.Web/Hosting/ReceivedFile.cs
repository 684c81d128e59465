using System.Security.Cryptography;

namespace SparseRobust.Web.Hosting;

/// <summary>A file that somebody sends.</summary>
internal static class ReceivedFile
{
    private const int Block = 1 << 16;

    /// <summary>Writes what comes, no more than the limit, and flushes it to the disk.</summary>
    /// <returns>Its SHA-256, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="Problem">RequestTooLarge, as the caller words it.</exception>
    public static async Task<string> WriteAsync(Stream source, string path, long limit, Func<Problem> tooLarge, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Unbuffered: how much has come is seen by its length.
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = new byte[Block];
        int read;
        var left = limit;
        while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
        {
            if ((left -= read) < 0)
                throw tooLarge();
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        target.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
