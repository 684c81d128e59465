using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Pretraining;

/// <summary>What a file of a corpus's tokens holds but for the ids.</summary>
/// <param name="Header">The counts and hashes.</param>
/// <param name="SentenceStarts">Where each sentence's ids begin, counted in ids, and after the last where they end.</param>
/// <param name="DocumentStarts">Where each document's sentences begin, counted in sentences, and after the last where they end.</param>
/// <param name="Vocabulary">The pieces.</param>
internal sealed record CorpusContents(CorpusHeader Header, long[] SentenceStarts, long[] DocumentStarts, Vocabulary Vocabulary)
{
    private const int BlockBytes = 1 << 16;

    private static readonly System.Text.UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the file from end to end and believes nothing: header, size, checksum, each length, each id and the vocabulary are checked.</summary>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public static CorpusContents Read(FileStream file, string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        if (file.Length < CorpusHeader.Bytes)
            throw Damaged(path, $"it has {file.Length} bytes");
        Take(block.AsSpan(0, CorpusHeader.Bytes));
        var header = CorpusHeader.Read(block, file.Length) ?? throw Damaged(path, $"its header is none of this version and machine, or of a file of another size than {file.Length} bytes");
        var isForeign = false;
        for (var left = header.Tokens * header.IdBytes; left > 0;)
        {
            var ids = block.AsSpan(0, (int)Math.Min(left, block.Length));
            Take(ids);
            isForeign |= StoredIds.AnyForeign(ids, header.IdBytes, header.VocabularySize);
            left -= ids.Length;
        }
        var (sentences, documents, vocabulary) = (new int[header.Sentences], new int[header.Documents], new byte[header.VocabularyBytes]);
        Take(MemoryMarshal.AsBytes(sentences.AsSpan()));
        Take(MemoryMarshal.AsBytes(documents.AsSpan()));
        Take(vocabulary);
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        file.ReadExactly(stored);
        if (!stored.SequenceEqual(hash.GetHashAndReset()))
            throw Damaged(path, $"its checksum is wrong");
        if (isForeign)
            throw Damaged(path, $"it has ids outside the vocabulary of {header.VocabularySize}");
        return new CorpusContents(header, Starts(path, sentences, header.Tokens), Starts(path, documents, header.Sentences), VocabularyOf(path, vocabulary, header.VocabularySize));

        void Take(Span<byte> part)
        {
            file.ReadExactly(part);
            hash.AppendData(part);
        }
    }

    private static long[] Starts(string path, int[] lengths, long whole)
    {
        var starts = new long[lengths.Length + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 1)
                throw Damaged(path, $"part {i} is said to have {lengths[i]} members");
            starts[i + 1] = starts[i] + lengths[i];
        }
        return starts[^1] == whole ? starts : throw Damaged(path, $"its parts have {starts[^1]} members together and {whole} are there");
    }

    private static Vocabulary VocabularyOf(string path, byte[] text, int size)
    {
        try
        {
            var vocabulary = new Vocabulary(StrictUtf8.GetString(text).Split('\n')[..^1]);
            return vocabulary.Count == size ? vocabulary : throw Damaged(path, $"its vocabulary has {vocabulary.Count} tokens, not {size}");
        }
        catch (Exception e) when (e is System.Text.DecoderFallbackException or LabException { Code: ProblemCode.TokenizerInvalid })
        {
            throw Damaged(path, $"its vocabulary is none: {e.Message}");
        }
    }

    private static LabException Damaged(string path, FormattableString why) => new(
        ProblemCode.ArtifactCorrupt, FormattableString.Invariant($"The tokenised corpus in '{path}' cannot be used: {FormattableString.Invariant(why)}. Copy it again, or make it of the text again (sparserobust corpus)."));
}
