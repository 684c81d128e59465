using System.IO.Compression;
using System.Security.Cryptography;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>A received file before anybody trusts it.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Sha256">Of the file as it came.</param>
/// <param name="IsGzip">Told by its first bytes, not by its name.</param>
internal sealed record DatasetFile(string Path, string Sha256, bool IsGzip)
{
    private const int Block = 1 << 16;

    /// <summary>Hashes a file and looks how large it is unpacked.</summary>
    /// <exception cref="Problem">RequestTooLarge: a small file may hold more than any memory.</exception>
    public static async Task<DatasetFile> MeasureAsync(string path, long limit, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Block, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        file.Position = 0;
        if (isGzip && await HoldsMoreAsync(file, limit, cancellation))
            throw TooLarge("The unpacked content", limit);
        return new DatasetFile(path, sha256, isGzip);
    }

    public static Problem TooLarge(string what, long limit) =>
        new("RequestTooLarge", $"{what} is larger than the {limit} bytes that this server takes. Its operator may raise Server:DatasetBytes, or put the file into a data folder.");

    private static async Task<bool> HoldsMoreAsync(Stream file, long limit, CancellationToken cancellation)
    {
        await using var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[Block];
        long length = 0;
        try
        {
            int read;
            while (length <= limit && (read = await content.ReadAsync(buffer, cancellation)) > 0)
                length += read;
        }
        catch (InvalidDataException)
        {
            // Damaged: the loader will say so in its own words.
        }
        return length > limit;
    }
}
