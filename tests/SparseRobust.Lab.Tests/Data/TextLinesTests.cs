using System.IO.Compression;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Data;

public sealed class TextLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_come_without_their_ends_from_a_plain_or_packed_file(bool gzip)
    {
        Write("\uFEFFone é\r\n\ntwo"u8, gzip);
        Assert.Equal(["one é", "", "two"], TextLines.Read(_folder.File("text"), CancellationToken.None));
    }

    [Fact]
    public void A_line_that_is_not_UTF_8_is_named()
    {
        Write([(byte)'a', (byte)'\n', 0xFF], gzip: false);
        var refusal = Assert.Throws<LabException>(() => TextLines.Read(_folder.File("text"), CancellationToken.None).Count());
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains("line 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_one_cut_short_are_refused()
    {
        Assert.Equal(ProblemCode.DatasetMissing, Assert.Throws<LabException>(() => TextLines.Read(_folder.File("nowhere"), CancellationToken.None)).Code);
        Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 1000))), gzip: true);
        using (var file = File.OpenWrite(_folder.File("text")))
            file.SetLength(file.Length / 2);
        Assert.Equal(ProblemCode.DatasetInvalid, Assert.Throws<LabException>(() => TextLines.Read(_folder.File("text"), CancellationToken.None).Count()).Code);
    }

    [Fact]
    public void Reading_stops_when_cancelled()
    {
        Write("one\ntwo"u8, gzip: false);
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in TextLines.Read(_folder.File("text"), cancelled.Token))
                cancelled.Cancel();
        });
    }

    private void Write(ReadOnlySpan<byte> content, bool gzip)
    {
        using var file = File.Create(_folder.File("text"));
        using Stream target = gzip ? new GZipStream(file, CompressionMode.Compress) : file;
        target.Write(content);
    }
}
