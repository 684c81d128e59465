using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Pretraining;

/// <summary>Small corpora in files: a word is w00 to w39 (ids 5 to 44), which may be followed by the pieces a, b and c (ids 45 to 47).</summary>
internal static class CorpusSamples
{
    public const int FirstWord = 5;
    public const int FirstPiece = 45;

    public static readonly WordPiece Tokenizer = new(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(0, 40).Select(Word), "##a", "##b", "##c"]));

    public static Vocabulary Vocabulary => Tokenizer.Vocabulary;

    public static string Word(int number) => FormattableString.Invariant($"w{number:00}");

    /// <summary>A corpus of the given text, tokenised.</summary>
    public static CorpusTokens Of(TemporaryFolder folder, string text) => CorpusTokens.Make(Write(folder, text), Tokenizer, folder.Path, CancellationToken.None);

    public static Corpus Write(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder.File("corpus.txt"), text);
        return Corpus.Of(folder.File("corpus.txt"));
    }

    /// <summary>Documents of 1 to 12 sentences, each a paragraph of 1 to 10 words of up to three pieces.</summary>
    public static string Random(int documents, long seed)
    {
        var random = new SplitMix64((ulong)seed);
        return string.Join("\n\n", Enumerable.Range(0, documents).Select(_ => string.Join('\n', Enumerable.Range(0, 1 + random.Next(12)).Select(_ => Sentence(random)))));
    }

    public static long[] Ids(CorpusTokens corpus)
    {
        var ids = new long[corpus.Tokens];
        corpus.CopyIds(0, ids);
        return ids;
    }

    /// <summary>The document in which an id lies.</summary>
    public static int DocumentOf(CorpusTokens corpus, long id)
    {
        var document = 0;
        while (corpus.SentenceStarts[(int)corpus.DocumentStarts[document + 1]] <= id)
            document++;
        return document;
    }

    private static string Sentence(SplitMix64 random) => string.Join(' ', Enumerable.Range(0, 1 + random.Next(10)).Select(_ => Word(random.Next(40)) + "abc"[..random.Next(3)]));
}
