using System.IO.Compression;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Pretraining;

public sealed class CorpusReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a\nb\n\nc\n", "a,b|c")]
    [InlineData("\n\n \t\r\na b\r\n\r\n\r\nc", "a b|c")]
    [InlineData("\uFEFFa\n\n\uFEFFb", "a|\uFEFFb")]
    [InlineData("\n\n", "")]
    [InlineData("", "")]
    public void Documents_are_what_lies_between_empty_lines(string text, string documents)
    {
        File.WriteAllText(_folder.File("t"), text, new System.Text.UTF8Encoding(false));
        Assert.Equal(documents, string.Join('|', Documents().Select(paragraphs => string.Join(',', paragraphs))));
    }

    [Fact]
    public void A_gzipped_corpus_is_the_same_text()
    {
        using (var gzip = new GZipStream(File.Create(_folder.File("t")), CompressionMode.Compress))
            gzip.Write("a\n\nb"u8);
        Assert.Equal(2, Documents().Count);
        Assert.Equal(SparseRobust.Lab.Runs.ContentHash.Of("a\n\nb"u8), Read().Complete(2));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Up_to_ten_lines_that_are_not_UTF8_are_left_out_and_told(int broken, bool isRead)
    {
        File.WriteAllBytes(_folder.File("t"), [.. "a\n\nb\n"u8, .. Enumerable.Repeat<byte[]>([0xC3, 0x28, (byte)'\n'], broken).SelectMany(line => line)]);
        using var reader = Read();
        if (isRead)
        {
            reader.Complete(2);
            Assert.Equal(10, reader.BrokenLines);
            Assert.Contains("10 of 13 lines were left out. First line 4: not UTF-8; line 5", reader.Note(), StringComparison.Ordinal);
            return;
        }
        var refusal = Assert.Throws<LabException>(() => reader.Complete(2));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains("11 of 14 lines are broken and 10 are tolerated. First line 4: not UTF-8", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no text")]
    [InlineData(" \n\n", "holds no text")]
    [InlineData("a\nb", "single document")]
    [InlineData("a\n\n\u0007\n", "single document")] // nothing but a control character has no token
    public void A_corpus_without_two_documents_is_refused_and_leaves_no_file(string text, string why)
    {
        File.WriteAllText(_folder.File("t"), text);
        var refusal = Assert.Throws<LabException>(() => CorpusTokens.Make(Corpus.Of(_folder.File("t")), CorpusSamples.Tokenizer, _folder.File("out"), CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File("out")));
    }

    [Fact]
    public void A_corpus_that_is_not_there_is_missing() =>
        Assert.Equal(ProblemCode.DatasetMissing, Assert.Throws<LabException>(() => Corpus.Of(_folder.File("none"))).Code);

    private CorpusReader Read()
    {
        var reader = CorpusReader.Open(Corpus.Of(_folder.File("t")), CancellationToken.None);
        for (var paragraphs = new List<string>(); reader.Read(paragraphs);)
            Assert.NotEmpty(paragraphs);
        return reader;
    }

    private List<List<string>> Documents()
    {
        using var reader = CorpusReader.Open(Corpus.Of(_folder.File("t")), CancellationToken.None);
        var documents = new List<List<string>>();
        for (var paragraphs = new List<string>(); reader.Read(paragraphs); paragraphs = [])
            documents.Add(paragraphs);
        return documents;
    }
}
