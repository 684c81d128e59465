using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Where the entries of a zip archive lie, for archives that compress nothing, as PyTorch writes them: their bytes can be read in place.</summary>
/// <remarks>
/// Source: PKWARE's APPNOTE, with its 64-bit sizes. Refused: compressed and encrypted entries, entries that reach outside the file or into one another, two of one name, names that lead out of
/// a folder, sizes that differ between the directory and the entry. So nothing in an archive is larger than the archive. Checksums are not compared.
/// </remarks>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int Locator64Length = 20;
    private const int End64Length = 56;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const int LongestDirectory = 16 << 20;
    private const ushort Encrypted = 1;
    private const ushort SizesFollow = 8;

    /// <summary>First byte and length of each entry, by name.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="corrupt">Makes the exception that is thrown.</param>
    public static Dictionary<string, (long Offset, long Length)> Read(SafeFileHandle file, Func<string, Exception> corrupt)
    {
        var length = RandomAccess.GetLength(file);
        var (start, size) = Directory(file, length, corrupt);
        if (start < 0 || size < 0 || size > LongestDirectory || start > length - size)
            throw corrupt($"its directory of {size} bytes at byte {start} does not lie in its {length} bytes, or has more than {LongestDirectory}");
        var directory = Bytes(file, start, (int)size, corrupt);
        var entries = new List<ZipEntry>();
        for (var at = 0; at < directory.Length;)
        {
            var entry = Entry(directory, ref at, corrupt);
            entries.Add(entry with { Data = DataOf(file, entry, start, corrupt) });
        }
        RequireApart(entries, corrupt);
        return entries.ToDictionary(entry => entry.Name, entry => (entry.Data, entry.Length), StringComparer.Ordinal);
    }

    private static (long Start, long Size) Directory(SafeFileHandle file, long length, Func<string, Exception> corrupt)
    {
        var tailLength = (int)Math.Min(length, EndLength + LongestComment);
        var tail = Bytes(file, length - tailLength, tailLength, corrupt);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end + EndLength > tail.Length)
            throw corrupt("it is cut: an archive's directory stands at its end, and there is none");
        var (size, start) = (ReadUInt32(tail, end + 12), ReadUInt32(tail, end + 16));
        var locator = end - Locator64Length;
        if (locator < 0 || !tail.AsSpan(locator).StartsWith("PK\x06\x07"u8))
            return (start, size);
        var place = ReadInt64(tail, locator + 8);
        var end64 = Bytes(file, place, End64Length, corrupt);
        return end64.AsSpan().StartsWith("PK\x06\x06"u8) ? (ReadInt64(end64, 48), ReadInt64(end64, 40)) : throw corrupt("its 64-bit directory is not where it should be");
    }

    private static ZipEntry Entry(byte[] directory, ref int at, Func<string, Exception> corrupt)
    {
        if (directory.Length - at < EntryLength || !directory.AsSpan(at).StartsWith("PK\x01\x02"u8))
            throw corrupt("its directory is damaged");
        var header = directory.AsSpan(at, EntryLength);
        var (nameLength, extraLength, commentLength) = (ReadUInt16(header, 28), ReadUInt16(header, 30), ReadUInt16(header, 32));
        var end = at + EntryLength + nameLength + extraLength + commentLength;
        if (end > directory.Length)
            throw corrupt("its directory is damaged");
        var name = NameOf(directory.AsSpan(at + EntryLength, nameLength), corrupt);
        if ((ReadUInt16(header, 8) & Encrypted) != 0)
            throw corrupt($"its entry {PickledTensor.Shown(name)} is encrypted");
        var (packed, size, place) = Sizes(header, directory.AsSpan(at + EntryLength + nameLength, extraLength));
        if (ReadUInt16(header, 10) != 0 || packed != size)
            throw corrupt($"its entry {PickledTensor.Shown(name)} is compressed, or says that its {packed} bytes are {size}; PyTorch compresses nothing");
        at = end;
        return new ZipEntry(name, place, 0, size);
    }

    // Sizes of 32 bits that are all ones stand in the extra field of 64-bit sizes, in this order.
    private static (long Packed, long Size, long Place) Sizes(ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        Span<long> sizes = [ReadUInt32(header, 24), ReadUInt32(header, 20), ReadUInt32(header, 42)];
        for (var at = 0; at + 4 <= extra.Length; at += 4 + ReadUInt16(extra, at + 2))
        {
            if (ReadUInt16(extra, at) != 1)
                continue;
            var field = at + 4;
            for (var i = 0; i < sizes.Length && field + 8 <= extra.Length; i++)
                if (sizes[i] == uint.MaxValue)
                {
                    sizes[i] = ReadInt64(extra, field);
                    field += 8;
                }
            break;
        }
        return (sizes[1], sizes[0], sizes[2]);
    }

    // Behind its own header, which must tell the same story.
    private static long DataOf(SafeFileHandle file, ZipEntry entry, long directoryStart, Func<string, Exception> corrupt)
    {
        if (entry.Place < 0 || entry.Length < 0 || entry.Place > directoryStart - LocalLength)
            throw corrupt($"its entry {PickledTensor.Shown(entry.Name)} lies outside it, at byte {entry.Place}");
        var local = Bytes(file, entry.Place, LocalLength, corrupt);
        var (nameLength, extraLength) = (ReadUInt16(local, 26), ReadUInt16(local, 28));
        var data = entry.Place + LocalLength + nameLength + extraLength;
        if (!local.AsSpan().StartsWith("PK\x03\x04"u8) || data > directoryStart || entry.Length > directoryStart - data)
            throw corrupt($"its entry {PickledTensor.Shown(entry.Name)} claims {entry.Length} bytes from byte {data} on, where there is none or not so many");
        var size = ReadUInt32(local, 22);
        var isSame = size == entry.Length || size == uint.MaxValue || (ReadUInt16(local, 6) & SizesFollow) != 0;
        return isSame && Encoding.UTF8.GetBytes(entry.Name).AsSpan().SequenceEqual(Bytes(file, entry.Place + LocalLength, nameLength, corrupt))
            ? data
            : throw corrupt($"its entry {PickledTensor.Shown(entry.Name)} has another name or size in its own header than in the directory");
    }

    private static string NameOf(ReadOnlySpan<byte> bytes, Func<string, Exception> corrupt)
    {
        var name = Encoding.UTF8.GetString(bytes);
        return name.Length > 0 && name[0] != '/' && !name.Contains('\\') && !name.Split('/').Contains("..")
            ? name
            : throw corrupt($"it names an entry {PickledTensor.Shown(name)}, which leads out of a folder");
    }

    private static void RequireApart(List<ZipEntry> entries, Func<string, Exception> corrupt)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var free = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Place))
        {
            if (!names.Add(entry.Name))
                throw corrupt($"it holds {PickledTensor.Shown(entry.Name)} twice");
            if (entry.Place < free)
                throw corrupt($"its entry {PickledTensor.Shown(entry.Name)} lies in another one's bytes");
            free = entry.Data + entry.Length;
        }
    }

    private static byte[] Bytes(SafeFileHandle file, long start, int length, Func<string, Exception> corrupt)
    {
        if (start < 0 || start > RandomAccess.GetLength(file) - length)
            throw corrupt($"it refers to {length} bytes at byte {start}, which it does not have");
        var bytes = new byte[length];
        return FileRange.TryFill(file, bytes, start) ? bytes : throw corrupt("it was cut while it was read");
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long ReadInt64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private readonly record struct ZipEntry(string Name, long Place, long Data, long Length);
}
