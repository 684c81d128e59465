using System.Numerics;
using System.Runtime.InteropServices;

namespace SparseRobust.Lab.Data;

/// <summary>How ids lie in a file: one after the other in the machine's byte order, 2 bytes each, or 4 when the vocabulary has over 65,536 tokens.</summary>
internal static class StoredIds
{
    private const int Block = 512;

    public static int BytesFor(int vocabularySize) => vocabularySize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int);

    /// <exception cref="OverflowException">An id does not fit.</exception>
    public static void Write(Stream stream, ReadOnlySpan<int> ids, int idBytes)
    {
        if (idBytes == sizeof(int))
        {
            stream.Write(MemoryMarshal.AsBytes(ids));
            return;
        }
        Span<ushort> narrow = stackalloc ushort[Block];
        for (; !ids.IsEmpty; ids = ids[Math.Min(Block, ids.Length)..])
        {
            var count = Math.Min(Block, ids.Length);
            for (var i = 0; i < count; i++)
                narrow[i] = checked((ushort)ids[i]);
            stream.Write(MemoryMarshal.AsBytes(narrow[..count]));
        }
    }

    /// <summary>Whether an id is none of the vocabulary's.</summary>
    public static bool AnyForeign(ReadOnlySpan<byte> bytes, int idBytes, int vocabularySize) =>
        idBytes == sizeof(ushort) ? AnyForeign<ushort>(bytes, vocabularySize) : AnyForeign<int>(bytes, vocabularySize);

    private static bool AnyForeign<T>(ReadOnlySpan<byte> bytes, int vocabularySize)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var id in MemoryMarshal.Cast<byte, T>(bytes))
            if (uint.CreateTruncating(id) >= (uint)vocabularySize)
                return true;
        return false;
    }
}
