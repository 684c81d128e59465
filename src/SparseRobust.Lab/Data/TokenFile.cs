using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>Writes a tokenised dataset as a file to be read in place (<see cref="MappedTokens"/>).</summary>
/// <remarks>
/// Numbers are in the machine's byte order, and nothing lies between the parts:
/// <code>
/// header    64 bytes, see <see cref="TokenLayout.Header"/>
/// ids       of all rows one after the other, 2 bytes each, or 4 when the vocabulary has over 65,536 tokens
/// rows      12 bytes each: number of ids, length of the first segment, tokens cut off
/// checksum  SHA-256 of all before it
/// </code>
/// Where a row's ids begin is the sum of the lengths before it, so rows can neither overlap nor lie out of order.
/// </remarks>
internal static class TokenFile
{
    /// <summary>Writes durably: a reader sees nothing, or the whole file. Rows go to the disk as they come; 12 bytes of each stay in memory until the end.</summary>
    /// <exception cref="Errors.LabException">StorageFull; or what <paramref name="rows"/> throws. Either way no file is left.</exception>
    public static void Write(string path, TokenLayout layout, IEnumerable<Encoding> rows) => DurableFile.Write(path, stream =>
    {
        stream.Write(layout.Header());
        var index = new List<int>(layout.Rows * TokenLayout.IndexFields);
        foreach (var row in rows)
        {
            StoredIds.Write(stream, row.Ids, layout.IdBytes);
            index.AddRange([row.Length, row.FirstSegmentLength, row.TruncatedTokens]);
        }
        stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(index)));
        stream.Position = 0;
        stream.Write(SHA256.HashData(stream));
    });
}

/// <summary>What is known of a file of tokens before it is opened; its header says the same, or it is another file.</summary>
/// <param name="Key">64 hexadecimal digits (<see cref="TokenKey"/>).</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="MaxLength">Most ids a row may have.</param>
/// <param name="Truncation">What was done to longer rows.</param>
/// <param name="VocabularySize">Ids are below it.</param>
internal sealed record TokenLayout(string Key, int Rows, int MaxLength, Truncation Truncation, int VocabularySize)
{
    /// <summary>To be raised with every change of the format.</summary>
    public const int Version = 1;

    public const int HeaderBytes = 64;
    public const int IndexFields = 3;

    // Read in the other byte order it is another number, so a file of another kind of machine is not taken for one of ours.
    private const long Magic = 0x534E454B4F545253; // "SRTOKENS" in little-endian order

    public int IdBytes => StoredIds.BytesFor(VocabularySize);

    /// <summary>Bytes of the whole file but for the ids.</summary>
    public long FixedBytes => HeaderBytes + (long)Rows * IndexFields * sizeof(int) + SHA256.HashSizeInBytes;

    /// <summary>Magic number, version, bytes of an id, rows, maximum length, truncation, vocabulary size, key.</summary>
    public byte[] Header()
    {
        var header = new byte[HeaderBytes];
        BitConverter.TryWriteBytes(header, Magic);
        MemoryMarshal.AsBytes<int>([Version, IdBytes, Rows, MaxLength, (int)Truncation, VocabularySize]).CopyTo(header.AsSpan(sizeof(long)));
        Convert.FromHexString(Key).CopyTo(header, HeaderBytes - SHA256.HashSizeInBytes);
        return header;
    }
}
