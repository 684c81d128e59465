using System.Security.Cryptography;

namespace SparseRobust.Lab.Runs;

/// <summary>SHA-256 of contents as 64 lower-case hexadecimal digits: the name under which a file is known everywhere. Thread-safe.</summary>
public static class ContentHash
{
    /// <summary>Hashes bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Hashes what is left of a stream, without holding it in memory. The stream stays open.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    /// <summary>SHA-256 of files' names and hashes: of a line "name hash" for each, in the given order.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string OfFiles(IEnumerable<string> paths) =>
        Of(System.Text.Encoding.UTF8.GetBytes(string.Concat(paths.Select(path => $"{Path.GetFileName(path)} {OfFile(path)}\n"))));

    /// <summary>Hashes a file, without holding it in memory.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16, FileOptions.SequentialScan);
        return Of(stream);
    }
}
