using System.Globalization;
using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

public sealed class WordPieceOffsetTests
{
    // Whatever folds to several characters, to none, or stands alone is well represented.
    private const string Pool = "abcxyzABCÉéßİıÅñüŒœΣσςΑΩЖй  \t\n.,-'#[]「」水火가힣각กิไא֑ा가がガ\u0301\u0327\u0308\u0000\u0007\u00AD\u200B\u200D\u2028\uFFFD½ﬁ；;≠";

    private static readonly string[] BeyondThePlane = ["\U0001F600", "\U00020000", "\U0002F800", "\U0001D15E", "\U0001D167", "\U00010400", "\uD800", "\uDC00", "\U0001109A"];

    private static readonly Vocabulary Tiny = Vocabulary.Load(Fixture.Path("wordpiece", "vocab.txt"));
    private static readonly Vocabulary Characters = CharacterVocabulary();

    [Theory]
    [InlineData("abc", "ab:0-2 ##c:2-3")]
    [InlineData("  a\tb ", "a:2-3 b:4-5")]
    [InlineData("a,b", "a:0-1 ,:1-2 b:2-3")]
    [InlineData("É", "e:0-1")] // One character, stripped.
    [InlineData("E\u0301b", "e:0-2 ##b:2-3")] // The accent belongs to its letter,
    [InlineData("be\u0301\u0308 c", "b:0-1 ##e:1-4 c:5-6")] // at the end of a word too,
    [InlineData("\u0301a", "a:1-2")] // and to nothing where there is no letter before it.
    [InlineData(" \u0301a", "a:2-3")]
    [InlineData("a\u0000c\u00AD c", "a:0-1 ##c:2-3 c:5-6")] // Control characters belong to no token,
    [InlineData("a\u0000b", "ab:0-3")] // unless they stand inside one.
    [InlineData("İx", "i:0-1 ##x:1-2")]
    [InlineData("ßa", "ß:0-1 ##a:1-2")]
    [InlineData("水a火", "水:0-1 a:1-2 火:2-3")]
    [InlineData("\U00020000a\U0001F600", "[UNK]:0-2 [UNK]:2-5")] // An ideograph ends a word; an emoji does not.
    [InlineData("Σ ΑΣ", "σ:0-1 α:2-3 ##ς:3-4")]
    [InlineData("aㅎb xㅎ", "[UNK]:0-3 [UNK]:4-6")] // Unknown in its middle or at its end: the word as a whole.
    [InlineData("힣a", "\u1112:0-1 ##\u1175:0-1 ##\u11C2:0-1 ##a:1-2")] // One character, three pieces.
    [InlineData("", "")]
    [InlineData("\u00AD \u0301", "")]
    public void Tokens_know_where_they_stand(string text, string expected) => Assert.Equal(expected, Show(Characters, new WordPiece(Characters).TokenizeWithOffsets(text)));

    // In code, since metadata holds no lone surrogate.
    [Fact]
    public void Lone_surrogates_belong_to_no_token() => Assert.Equal("a:0-1 ##c:2-3", Show(Characters, new WordPiece(Characters).TokenizeWithOffsets("a\uD800c\uDC00")));

    [Fact]
    public void A_cased_accent_is_a_piece_of_its_own()
    {
        var vocabulary = new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "E", "##\u0301"]);
        Assert.Equal("E:0-1 ##\u0301:1-2", Show(vocabulary, new WordPiece(vocabulary, lowerCase: false).TokenizeWithOffsets("E\u0301")));
    }

    [Fact]
    public void A_word_that_is_too_long_is_covered_whole()
    {
        var text = "x " + new string('a', 150) + "\u0301 x";
        Assert.Equal("x:0-1 [UNK]:2-153 x:154-155", Show(Characters, new WordPiece(Characters).TokenizeWithOffsets(text)));
    }

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 12)]
    public void Offsets_of_any_text_ascend_and_hold_their_tokens(bool lowerCase, ulong seed)
    {
        var (random, tokenizer) = (new SplitMix64(seed), new WordPiece(Characters, lowerCase));
        var known = 0;
        for (var round = 0; round < 20_000; round++)
            known += Check(tokenizer, AnyText(random));
        Assert.InRange(known, 200_000, int.MaxValue);
    }

    [Fact]
    public void Golden_texts_keep_their_ids()
    {
        using var golden = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Fixture.Path("wordpiece", "golden.json")));
        var (uncased, cased) = (new WordPiece(Tiny), new WordPiece(Tiny, lowerCase: false));
        foreach (var item in golden.RootElement.GetProperty("texts").EnumerateArray())
        {
            Check(uncased, item.GetProperty("text").GetString()!);
            Check(cased, item.GetProperty("text").GetString()!);
        }
    }

    [DataFact]
    public void Offsets_of_10_000_paragraphs_of_Wikipedia_ascend_and_hold_their_tokens()
    {
        var folders = new DatasetFolders([.. Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")!.Split(Path.PathSeparator)]);
        var tokenizer = new WordPiece(Vocabulary.Load(folders.Find("the BERT vocabulary", "vocab/bert-base-uncased-vocab.txt")));
        using var file = File.OpenRead(folders.Find("Wikipedia", "text_corpus/enwiki2015_subset.txt.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var (read, known) = (0, 0);
        while (read < 10_000 && lines.ReadLine() is { } line)
            if (line.Length > 0)
            {
                known += Check(tokenizer, line);
                read++;
            }
        Assert.Equal(10_000, read);
        Assert.InRange(known, 500_000, int.MaxValue);
    }

    // Returns how many tokens are no [UNK].
    private static int Check(WordPiece tokenizer, string text)
    {
        var tokens = tokenizer.TokenizeWithOffsets(text);
        Assert.Equal(tokenizer.Tokenize(text), tokens.Ids);
        Assert.Equal(tokens.Ids.Length, tokens.Offsets.Length);
        var known = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var at = tokens.Offsets[i];
            Assert.True(0 <= at.Start && at.Start < at.End && at.End <= text.Length, text);
            Assert.False(Splits(text, at.Start) || Splits(text, at.End), text);
            var shared = (i > 0 && SharesCharacter(tokenizer, text, tokens.Offsets[i - 1], at)) | (i + 1 < tokens.Count && SharesCharacter(tokenizer, text, at, tokens.Offsets[i + 1]));
            if (tokens.Ids[i] == tokenizer.Vocabulary.UnknownId)
                continue;
            known++;
            var token = tokenizer.Vocabulary.Tokens[tokens.Ids[i]].Replace('ς', 'σ');
            token = token.StartsWith("##", StringComparison.Ordinal) ? token[2..] : token;
            var folded = Folded(tokenizer, at.Of(text).ToString());
            Assert.True(shared ? folded.Contains(token, StringComparison.Ordinal) : folded == token, $"{token} is not {folded} at {at} of {text}");
        }
        return known;
    }

    // Fails when the ranges do not ascend; true when they share the one thing that two ranges may share, a character that folds to several.
    private static bool SharesCharacter(WordPiece tokenizer, string text, TextRange before, TextRange after)
    {
        if (before.End <= after.Start)
            return false;
        Assert.True(before.Start <= after.Start && before.End <= after.End, $"{before} {after} of {text}");
        var common = text[after.Start..before.End];
        Assert.Equal(1, common.EnumerateRunes().Count(rune => Folded(tokenizer, rune.ToString()).Length > 0));
        Assert.InRange(Folded(tokenizer, common).Length, 2, int.MaxValue);
        return true;
    }

    private static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);

    // By the tables alone, one character after the other: no words, no pieces, no offsets.
    private static string Folded(WordPiece tokenizer, string text)
    {
        var folding = CharacterFolding.Of(tokenizer.Normalization);
        var folded = new StringBuilder();
        Span<char> units = stackalloc char[8];
        for (var i = 0; i < text.Length; i++)
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                if (!CharacterFolding.IsControl(rune))
                    folded.Append(units[..folding.Fold(rune, units)]);
                i += rune.Utf16SequenceLength - 1;
            }
        return folded.Replace('ς', 'σ').ToString();
    }

    private static string AnyText(SplitMix64 random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(40); left > 0; left--)
            switch (random.Next(12))
            {
                case 0: text.Append(BeyondThePlane[random.Next(BeyondThePlane.Length)]); break;
                case 1: text.Append((char)random.Next(0x10000)); break;
                case 2: text.Append(' '); break;
                case 3 when random.Next(30) == 0: text.Append('a', 90 + random.Next(20)); break;
                default: text.Append(Pool[random.Next(Pool.Length)]); break;
            }
        return text.ToString();
    }

    // Every character of the pool as it is and folded, at the beginning of a word and inside, and some pairs.
    private static Vocabulary CharacterVocabulary()
    {
        var pieces = new SortedSet<string>(StringComparer.Ordinal) { "ab", "bc", "xyz", "e\u1100", "\u1161\u11A8", "\u1161a", "σα" };
        Span<char> units = stackalloc char[8];
        foreach (var rune in (Pool + BeyondThePlane[5]).EnumerateRunes().Where(rune => !CharacterFolding.IsControl(rune) && !Rune.IsWhiteSpace(rune)))
        {
            pieces.Add(rune.ToString());
            foreach (var part in new string(units[..CharacterFolding.Of(new BertNormalization()).Fold(rune, units)]).EnumerateRunes())
                pieces.Add(part.ToString());
        }
        pieces.Add("ς");
        return new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. pieces, .. pieces.Select(piece => "##" + piece)]);
    }

    private static string Show(Vocabulary vocabulary, TokensWithOffsets tokens) => string.Join(
        ' ', tokens.Ids.Zip(tokens.Offsets, (id, at) => string.Create(CultureInfo.InvariantCulture, $"{vocabulary.Tokens[id]}:{at.Start}-{at.End}")));
}
