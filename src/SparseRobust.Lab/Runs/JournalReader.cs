using System.Text.Json;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>Reads a journal forward, a whole line at a time; an unfinished last line counts as not there.</summary>
/// <remarks>Line n holds the event with sequence n, so lines can be skipped without understanding them.</remarks>
internal sealed class JournalReader : IDisposable
{
    // A line is a few hundred bytes; a megabyte without an end is no journal, and must not be read into memory whole.
    private const int LongestLine = 1 << 20;
    private const byte LineEnd = (byte)'\n';

    private readonly FileStream _file;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    public JournalReader(string path)
        => _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    /// <summary>How many lines have been read or skipped: the sequence of the last one.</summary>
    public long Lines { get; private set; }

    /// <summary>How many bytes those lines take, ends included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Passes over whole lines until <paramref name="sequence"/> of them are behind.</summary>
    /// <returns>False if the file has fewer.</returns>
    public bool SkipTo(long sequence)
    {
        while (Lines < sequence)
        {
            if (!TryReadLine(out _)) return false;
        }

        return true;
    }

    /// <summary>The next event, or null at the end.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: the line is not an event, or not the next one.</exception>
    public RunEvent? Next()
    {
        if (!TryReadLine(out var line)) return null;
        var runEvent = Parse(line);
        return runEvent.Sequence == Lines
            ? runEvent
            : throw Corrupt($"has sequence {runEvent.Sequence} where {Lines} is due: events are missing or twice there");
    }

    public void Dispose() => _file.Dispose();

    private RunEvent Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return RunEventJson.Read(line) ?? throw Corrupt("is empty of an event");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw Corrupt("is not an event of a run: " + exception.Message, exception);
        }
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var searched = _start;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOf(LineEnd);
            if (length >= 0)
            {
                line = _buffer.AsSpan(_start, searched + length - _start);
                _start = searched + length + 1;
                Lines++;
                Bytes += line.Length + 1;
                return true;
            }

            var unfinished = _end - _start;
            if (!Fill())
            {
                line = default;
                return false;
            }

            searched = _start + unfinished;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine) throw Corrupt($"is longer than {LongestLine} bytes", line: Lines + 1);
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _file.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private LabException Corrupt(string fault, Exception? inner = null, long? line = null) => new(
        ProblemCode.ArtifactCorrupt,
        $"journal '{_file.Name}': line {line ?? Lines} {fault}. Restore the file from a copy, or delete it and start the run again: no result is lost.",
        inner);
}
