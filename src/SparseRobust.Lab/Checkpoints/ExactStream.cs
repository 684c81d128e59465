namespace SparseRobust.Lab.Checkpoints;

/// <summary>Passes on as many bytes as a tensor has, and refuses more or fewer: a tensor must not spill into the next one's place.</summary>
internal sealed class ExactStream(Stream target, string tensor, long due) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public void RequireFull()
    {
        if (_written != due) throw Wrong(_written);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > due - _written) throw Wrong(_written + buffer.Length);
        target.Write(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private ArgumentException Wrong(long bytes) => new($"tensor '{tensor}' has {due} bytes by its shape, but wrote {bytes}", nameof(bytes));
}
