using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SparseRobust.Lab.Data;

/// <summary>The ids of a file (<see cref="StoredIds"/>), read in place through a memory mapping. Reading is thread-safe.</summary>
/// <remarks>Pages are shared by all processes, and the system may drop them. The file may be replaced or deleted meanwhile: what is mapped stays readable.</remarks>
internal sealed class MappedIds : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _offset;
    private readonly int _idBytes;

    private MappedIds(MemoryMappedViewAccessor view, long offset, int idBytes) => (_view, _offset, _idBytes) = (view, offset, idBytes);

    /// <summary>Maps a file, which may be closed then.</summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="offset">Where the first id lies, in bytes.</param>
    /// <param name="idBytes">2 or 4.</param>
    public static MappedIds Open(FileStream file, long offset, int idBytes)
    {
        using var mapping = MemoryMappedFile.CreateFromFile(file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedIds(mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), offset, idBytes);
    }

    /// <summary>Fills <paramref name="ids"/> with the ids from number <paramref name="first"/> on.</summary>
    /// <exception cref="ObjectDisposedException">The mapping was let go.</exception>
    public void Copy(long first, Span<long> ids)
    {
        var offset = _offset + first * _idBytes;
        if (_idBytes == sizeof(ushort))
            Widen<ushort>(offset, ids);
        else
            Widen<int>(offset, ids);
    }

    /// <inheritdoc/>
    public void Dispose() => _view.Dispose();

    // The narrow ids are read into the end of the answer and widened from its front: a wide one never lies over a narrow one that is still to be read.
    private void Widen<T>(long offset, Span<long> ids)
        where T : unmanaged, IBinaryInteger<T>
    {
        var narrow = MemoryMarshal.Cast<long, T>(ids)[^ids.Length..];
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)offset, narrow);
        for (var i = 0; i < ids.Length; i++)
            ids[i] = long.CreateTruncating(narrow[i]);
    }
}
