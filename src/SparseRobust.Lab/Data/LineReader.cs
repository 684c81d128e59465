using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>Reads a plain or gzipped file line by line as bytes and hashes the decompressed content on the way. Not thread-safe.</summary>
/// <remarks>Only a line feed ends a line; a carriage return before it and a byte order mark at the start of the file are left out of lines, not of the hash.</remarks>
internal sealed class LineReader : IDisposable
{
    private const int LongestLine = 1 << 24;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly uint? _claimedLength;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _lineEnd;
    private long _length;

    private LineReader(string path, Stream stream, uint? claimedLength) => (_path, _stream, _claimedLength) = (path, stream, claimedLength);

    /// <summary>Number of the current line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The current line without its end. Valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Line => Trim(_buffer.AsSpan(_start, _lineEnd - _start));

    /// <summary>Opens a file; gzip is told by its first two bytes, not by the name.</summary>
    /// <exception cref="LabException">DatasetInvalid when the file cannot be opened.</exception>
    public static LineReader Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            var claimedLength = isGzip ? ReadClaimedLength(file) : (uint?)null;
            file.Position = 0;
            return new LineReader(path, isGzip ? new GZipStream(file, CompressionMode.Decompress) : file, claimedLength);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, unreadable);
        }
    }

    /// <summary>Moves to the next line; false at the end of the file.</summary>
    /// <exception cref="LabException">DatasetInvalid when the file is damaged or a line has over 16 MiB.</exception>
    public bool Read()
    {
        if (Number > 0)
            _start = Math.Min(_lineEnd + 1, _end);
        var searched = _start;
        int found;
        while ((found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n')) < 0)
        {
            var pending = _end - _start;
            if (Fill() == 0)
            {
                _lineEnd = _end;
                return pending > 0 && Advance();
            }
            searched = _start + pending;
        }
        _lineEnd = searched + found;
        return Advance();
    }

    /// <summary>Lower-case hex SHA-256 of the decompressed content; to be asked once, after the last line.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }

    private static LabException Unreadable(string path, Exception cause) =>
        new(ProblemCode.DatasetInvalid, $"{path} cannot be read ({cause.Message.TrimEnd('.')}): check its permissions, or fetch it again.", cause);

    // GZipStream ends quietly where a file was cut off; the last four bytes of a whole one are the length of its content modulo 2^32.
    private static uint ReadClaimedLength(FileStream file)
    {
        Span<byte> tail = stackalloc byte[sizeof(uint)];
        file.Seek(-Math.Min(file.Length, tail.Length), SeekOrigin.End);
        file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        return BinaryPrimitives.ReadUInt32LittleEndian(tail);
    }

    private bool Advance()
    {
        Number++;
        return true;
    }

    // Moves what is unread to the front of the buffer and appends what the file gives.
    private int Fill()
    {
        var pending = _end - _start;
        if (pending > LongestLine)
            throw new LabException(ProblemCode.DatasetInvalid, $"{_path} has over {LongestLine} bytes in line {Number + 1}: it is not a dataset of one row a line; check the file.");
        if (pending == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        _buffer.AsSpan(_start, pending).CopyTo(_buffer);
        (_start, _end) = (0, pending);
        try
        {
            var count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _hash.AppendData(_buffer, _end, count);
            _end += count;
            _length += count;
            if (count == 0 && _claimedLength is { } claimed && claimed != (uint)_length)
                throw new InvalidDataException("the gzip file is cut short, or several joined; if joined, decompress it and use the plain file");
            return count;
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException)
        {
            throw Unreadable(_path, damaged);
        }
    }

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (Number == 1 && line.StartsWith("\uFEFF"u8))
            line = line[3..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }
}
