using System.Security.Cryptography;
using System.Text;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

public sealed class LineReaderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\n\nb", new[] { "a", "", "b" })]
    [InlineData("\uFEFFa\r\nb\u2028c\r\n", new[] { "a", "b\u2028c" })]
    [InlineData("a\rb\n\uFEFFc", new[] { "a\rb", "\uFEFFc" })]
    public void Only_line_feeds_end_lines(string content, string[] lines)
    {
        foreach (var gzip in new[] { false, true })
        {
            var (read, sha256) = ReadAll(_folder.Write("lines", content, gzip));
            Assert.Equal(lines, read);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))), sha256);
        }
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_whole()
    {
        var lines = Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), i * 9973)).ToArray();
        Assert.Equal(lines, ReadAll(_folder.Write("long", string.Join('\n', lines) + "\n", gzip: true)).Lines);
    }

    [Fact]
    public void A_file_without_line_feeds_is_refused_rather_than_held_in_memory()
    {
        var refusal = Assert.Throws<LabException>(() => ReadAll(_folder.Write("binary", new byte[40 << 20])));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains("line 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_gzip_file_is_refused_by_name()
    {
        var whole = File.ReadAllBytes(_folder.Write("x.gz", string.Join('\n', Enumerable.Range(0, 20_000)), gzip: true));
        var cut = _folder.Write("cut.gz", whole[..(whole.Length / 2)]);
        whole[whole.Length / 2] ^= 0xFF;
        whole[(whole.Length / 2) + 1] ^= 0xFF;
        var spoilt = _folder.Write("spoilt.gz", whole);
        foreach (var file in new[] { cut, spoilt })
        {
            var refusal = Assert.Throws<LabException>(() => ReadAll(file));
            Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
            Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static (string[] Lines, string Sha256) ReadAll(string path)
    {
        using var reader = LineReader.Open(path);
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(Encoding.UTF8.GetString(reader.Line));
        Assert.Equal(lines.Count, reader.Number);
        return ([.. lines], reader.Sha256());
    }
}
