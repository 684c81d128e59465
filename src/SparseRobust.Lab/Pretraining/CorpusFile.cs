using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Writes the tokens of a corpus as a file to be read in place (<see cref="CorpusTokens"/>).</summary>
/// <remarks>
/// Numbers are in the machine's byte order, and nothing lies between the parts:
/// <code>
/// header      128 bytes, see <see cref="CorpusHeader"/>
/// ids         of all sentences one after the other, see <see cref="StoredIds"/>
/// sentences   4 bytes each: number of ids
/// documents   4 bytes each: number of sentences
/// vocabulary  the vocab.txt, so that the file is enough on another machine
/// checksum    SHA-256 of all before it
/// </code>
/// Where a sentence begins is the sum of the lengths before it, so sentences can neither overlap nor lie out of order.
/// </remarks>
internal static class CorpusFile
{
    // A token of English stands for four to five bytes of text, and gzip makes a third of it; both are guessed on the safe side. Where they are wrong, the disk says so later.
    private const int TextBytesPerToken = 3;
    private const int GzipRatio = 4;

    /// <summary>Tokenises and writes durably: a reader sees nothing, or the whole file. Four bytes a sentence stay in memory until the end.</summary>
    /// <returns>What people should know of lines left out, or null.</returns>
    /// <exception cref="Errors.LabException">DatasetInvalid; StorageFull. No file is left then.</exception>
    public static string? Write(string path, Corpus text, WordPiece tokenizer, CancellationToken cancellation)
    {
        var vocabulary = System.Text.Encoding.UTF8.GetBytes(string.Concat(tokenizer.Vocabulary.Tokens.Select(token => token + "\n")));
        var idBytes = StoredIds.BytesFor(tokenizer.Vocabulary.Count);
        var expected = CorpusHeader.Bytes + vocabulary.Length + TextBytes(text.Path) * idBytes / TextBytesPerToken;
        DurableFile.RequireFreeSpace(Path.GetDirectoryName(path)!, expected, $"the tokens of {text.Path}");
        using var reader = CorpusReader.Open(text, cancellation);
        DurableFile.Write(path, stream =>
        {
            stream.Write(new byte[CorpusHeader.Bytes]);
            var (sentences, documents, tokens) = (new List<int>(), new List<int>(), 0L);
            foreach (var document in TokenizedDocument.All(reader, tokenizer, cancellation))
            {
                StoredIds.Write(stream, document.Ids, idBytes);
                sentences.AddRange(document.SentenceLengths);
                documents.Add(document.SentenceLengths.Length);
                tokens += document.Ids.Length;
            }
            var textSha256 = reader.Complete(documents.Count);
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(sentences)));
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(documents)));
            stream.Write(vocabulary);
            stream.Position = 0;
            stream.Write(new CorpusHeader
            {
                TokenizerVersion = WordPiece.Version, LowerCase = tokenizer.LowerCase, VocabularySize = tokenizer.Vocabulary.Count, VocabularyBytes = vocabulary.Length,
                Documents = documents.Count, Sentences = sentences.Count, BrokenLines = reader.BrokenLines, Tokens = tokens, SourceSha256 = text.Sha256, TextSha256 = textSha256,
            }.ToBytes());
            stream.Position = 0;
            stream.Write(SHA256.HashData(stream));
        }, expected);
        return reader.Note();
    }

    private static long TextBytes(string path) => new FileInfo(path).Length * (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? GzipRatio : 1);
}
