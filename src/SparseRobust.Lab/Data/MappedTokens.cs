using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>A file of tokens (<see cref="TokenFile"/>) opened for reading through a memory mapping. Reading is thread-safe.</summary>
/// <remarks>
/// Opening reads the file once from end to end and believes nothing: header, size, checksum, each row's lengths and each id are checked. Lengths are then
/// kept in managed memory and every read is checked against the mapping, so that no read leaves it, whatever is written into the file. Ids stay in the mapping, whose
/// pages all processes share and the system may drop. Nobody writes to such a file: it is replaced or deleted, and what is mapped stays readable.
/// </remarks>
internal sealed class MappedTokens : TokenRows
{
    private readonly TokenLayout _layout;
    private readonly int[] _index;
    private readonly long[] _starts;
    private readonly MappedIds _ids;

    private MappedTokens(TokenLayout layout, int[] index, long[] starts, MappedIds ids) => (_layout, _index, _starts, _ids) = (layout, index, starts, ids);

    public override int Count => _layout.Rows;

    public override TokenRow this[int index] => RowOf(_index, index);

    /// <summary>Checks and maps a file.</summary>
    /// <exception cref="LabException">ArtifactCorrupt: it is damaged, or not the file described.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static MappedTokens Open(string path, TokenLayout layout)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        var index = new int[layout.Rows * TokenLayout.IndexFields];
        var idBytes = ReadWhole(file, path, layout, index);
        var starts = Starts(path, index, layout);
        if (starts[^1] * layout.IdBytes != idBytes)
            throw Damaged(path, $"its rows have {starts[^1]} ids together and {idBytes / layout.IdBytes} are there");
        return new MappedTokens(layout, index, starts, MappedIds.Open(file, TokenLayout.HeaderBytes, layout.IdBytes));
    }

    public override void CopyIds(int index, Span<long> ids) => _ids.Copy(_starts[index], ids[..this[index].Length]);

    public override void Dispose() => _ids.Dispose();

    private static TokenRow RowOf(int[] index, int row) => new(index[row * TokenLayout.IndexFields], index[row * TokenLayout.IndexFields + 1], index[row * TokenLayout.IndexFields + 2]);

    /// <summary>Fills the index and returns how many bytes of ids there are; nothing is believed before the checksum is right.</summary>
    private static long ReadWhole(FileStream file, string path, TokenLayout layout, int[] index)
    {
        var idBytes = file.Length - layout.FixedBytes;
        if (idBytes < 0 || idBytes % layout.IdBytes != 0)
            throw Damaged(path, $"{file.Length} bytes cannot hold {layout.Rows} rows");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[1 << 16];
        var header = block.AsSpan(0, TokenLayout.HeaderBytes);
        Read(header);
        if (!header.SequenceEqual(layout.Header()))
            throw Damaged(path, $"its header belongs to other rows");
        var isForeign = false;
        for (var left = idBytes; left > 0;)
        {
            var ids = block.AsSpan(0, (int)Math.Min(left, block.Length));
            Read(ids);
            isForeign |= StoredIds.AnyForeign(ids, layout.IdBytes, layout.VocabularySize);
            left -= ids.Length;
        }
        Read(MemoryMarshal.AsBytes(index.AsSpan()));
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        file.ReadExactly(stored);
        if (!stored.SequenceEqual(hash.GetHashAndReset()))
            throw Damaged(path, $"its checksum is wrong");
        return isForeign ? throw Damaged(path, $"it has ids outside the vocabulary of {layout.VocabularySize}") : idBytes;

        void Read(Span<byte> part)
        {
            file.ReadExactly(part);
            hash.AppendData(part);
        }
    }

    /// <summary>Where each row's ids begin, counted in ids, and after the last where they end.</summary>
    private static long[] Starts(string path, int[] index, TokenLayout layout)
    {
        var starts = new long[layout.Rows + 1];
        for (var i = 0; i < layout.Rows; i++)
        {
            var row = RowOf(index, i);
            if (row.Length < 1 || row.Length > layout.MaxLength || row.FirstSegmentLength < 1 || row.FirstSegmentLength > row.Length || row.TruncatedTokens < 0)
                throw Damaged(path, $"row {i} is said to have {row.Length} ids, {row.FirstSegmentLength} of them in the first segment, and {row.TruncatedTokens} cut off");
            starts[i + 1] = starts[i] + row.Length;
        }
        return starts;
    }

    private static LabException Damaged(string path, FormattableString why) => new(
        ProblemCode.ArtifactCorrupt, FormattableString.Invariant($"The tokenised data in '{path}' cannot be used: {FormattableString.Invariant(why)}. Delete the file and it is made again."));
}
