namespace SparseRobust.Lab.Checkpoints;

/// <summary>Reads a file of a .zip and sums it up on the way, since .NET's reader believes whatever it unpacks to.</summary>
/// <remarks>Source: ISO 3309, the reflected polynomial 0xEDB88320, as .zip uses it.</remarks>
internal sealed class Crc32Stream(Stream source) : CountedStream(source)
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320))];

    private uint _crc = uint.MaxValue;

    /// <summary>Of what has been read.</summary>
    public uint Crc32 => ~_crc;

    public override int Read(Span<byte> buffer)
    {
        var read = base.Read(buffer);
        foreach (var value in buffer[..read])
            _crc = Table[(byte)(_crc ^ value)] ^ (_crc >> 8);
        return read;
    }
}
