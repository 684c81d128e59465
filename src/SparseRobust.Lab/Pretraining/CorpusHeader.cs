using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Pretraining;

/// <summary>The first 128 bytes of a file of a corpus's tokens (<see cref="CorpusFile"/>).</summary>
internal sealed record CorpusHeader
{
    /// <summary>To be raised with every change of the format, and of how a text is cut into documents and sentences.</summary>
    public const int Version = 1;

    public const int Bytes = 128;

    // Read in the other byte order it is another number, so a file of another kind of machine is not taken for one of ours.
    private const long Magic = 0x535550524F435253; // "SRCORPUS" in little-endian order
    private const int TokensAt = 48;
    private const int SourceAt = 64;
    private const int TextAt = SourceAt + SHA256.HashSizeInBytes;

    public required int TokenizerVersion { get; init; }

    public required bool LowerCase { get; init; }

    public required int VocabularySize { get; init; }

    public required int VocabularyBytes { get; init; }

    public required int Documents { get; init; }

    public required int Sentences { get; init; }

    public required int BrokenLines { get; init; }

    public required long Tokens { get; init; }

    /// <summary>SHA-256 of the corpus's file as it lay there.</summary>
    public required string SourceSha256 { get; init; }

    /// <summary>SHA-256 of its decompressed content.</summary>
    public required string TextSha256 { get; init; }

    public int IdBytes => StoredIds.BytesFor(VocabularySize);

    /// <summary>Bytes of the whole file.</summary>
    public long FileBytes => Bytes + Tokens * IdBytes + sizeof(int) * ((long)Sentences + Documents) + VocabularyBytes + SHA256.HashSizeInBytes;

    /// <summary>Magic number, version, eight counts, number of tokens, the two hashes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BitConverter.TryWriteBytes(bytes, Magic);
        MemoryMarshal.AsBytes<int>([Version, TokenizerVersion, LowerCase ? 1 : 0, VocabularySize, VocabularyBytes, Documents, Sentences, BrokenLines]).CopyTo(bytes.AsSpan(sizeof(long)));
        BitConverter.TryWriteBytes(bytes.AsSpan(TokensAt), Tokens);
        Convert.FromHexString(SourceSha256).CopyTo(bytes, SourceAt);
        Convert.FromHexString(TextSha256).CopyTo(bytes, TextAt);
        return bytes;
    }

    /// <summary>Null when the bytes are no header of this version, or one that cannot belong to a file of <paramref name="fileBytes"/> bytes.</summary>
    public static CorpusHeader? Read(ReadOnlySpan<byte> bytes, long fileBytes)
    {
        var counts = MemoryMarshal.Cast<byte, int>(bytes[sizeof(long)..TokensAt]);
        var tokens = BitConverter.ToInt64(bytes[TokensAt..]);
        var header = new CorpusHeader
        {
            TokenizerVersion = counts[1], LowerCase = counts[2] == 1, VocabularySize = counts[3], VocabularyBytes = counts[4], Documents = counts[5], Sentences = counts[6], BrokenLines = counts[7],
            Tokens = tokens, SourceSha256 = Convert.ToHexStringLower(bytes[SourceAt..TextAt]), TextSha256 = Convert.ToHexStringLower(bytes[TextAt..Bytes]),
        };
        // Tokens are compared first, so that the size cannot overflow; written again, the bytes are the same, or some mean nothing.
        var fits = tokens >= 0 && tokens <= fileBytes && counts[3..].IndexOfAnyInRange(int.MinValue, -1) < 0 && header.FileBytes == fileBytes;
        return fits && bytes[..Bytes].SequenceEqual(header.ToBytes()) ? header : null;
    }
}
