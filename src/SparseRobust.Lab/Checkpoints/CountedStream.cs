using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Reads on from a stream as far as its reader has been allowed to, whatever the content says of its own length.</summary>
internal class CountedStream(Stream source) : Stream
{
    /// <summary>Bytes that may still be read.</summary>
    public long Left { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="LabException">ModelInvalid: more is asked for and there.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        return (Left -= read) >= 0 ? read : throw ModelFiles.Invalid("The archive holds more than it says, or more than is taken here. Pack the model's folder alone.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }
}
