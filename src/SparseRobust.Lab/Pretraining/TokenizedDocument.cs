using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Pretraining;

/// <summary>A document as ids.</summary>
/// <param name="Ids">Those of all its sentences, one after the other, without special tokens.</param>
/// <param name="SentenceLengths">How many ids each sentence has, at least one each.</param>
internal sealed record TokenizedDocument(int[] Ids, int[] SentenceLengths)
{
    // Large enough that threads have work of several documents, small beside the rest of the process.
    private const int BlockCharacters = 1 << 22;

    /// <summary>Tokenises the rest of a corpus, a block of documents at a time on as many threads as the tensor library may use; the order is the file's whatever their number.</summary>
    /// <remarks>Sentences without any token, and documents without any such sentence, are left out.</remarks>
    public static IEnumerable<TokenizedDocument> All(CorpusReader reader, WordPiece tokenizer, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads(), CancellationToken = cancellation };
        while (ReadBlock(reader) is { Count: > 0 } block)
        {
            var done = new TokenizedDocument[block.Count];
            Parallel.For(0, block.Count, options, i => done[i] = Of(block[i], tokenizer));
            foreach (var document in done)
                if (document.Ids.Length > 0)
                    yield return document;
        }
    }

    private static List<List<string>> ReadBlock(CorpusReader reader)
    {
        var block = new List<List<string>>();
        var paragraphs = new List<string>();
        for (var characters = 0; characters < BlockCharacters && reader.Read(paragraphs); paragraphs = [])
        {
            block.Add(paragraphs);
            characters += paragraphs.Sum(paragraph => paragraph.Length);
        }
        return block;
    }

    private static TokenizedDocument Of(List<string> paragraphs, WordPiece tokenizer)
    {
        var (ids, lengths, sentences) = (new List<int>(), new List<int>(), new List<string>());
        foreach (var paragraph in paragraphs)
            SentenceSplitter.Split(paragraph, sentences);
        foreach (var sentence in sentences)
        {
            var pieces = tokenizer.Tokenize(sentence);
            ids.AddRange(pieces);
            if (pieces.Length > 0)
                lengths.Add(pieces.Length);
        }
        return new TokenizedDocument([.. ids], [.. lengths]);
    }
}
