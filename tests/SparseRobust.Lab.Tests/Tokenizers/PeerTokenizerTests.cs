using System.Globalization;
using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

/// <summary>Every id equals that of a second, independent implementation, which reads the files we save. Where the peer departs from the original: tests/TokenizerPeer/README.md.</summary>
public sealed class PeerTokenizerTests
{
    private const int Lines = 10_000;

    private static readonly string[] Hard =
    [
        "", " ", "\t\n\r ", "   the   lawyer \t\n saw\r\n\r\n it  ", "The lawyer's won't I'll they're we've I'm he'd 'S 'LL ''s '", "café cafe\u0301 CAFÉ naïve Zürich Straße ẞ Æon ł ı İstanbul",
        "ΟΔΟΣ Οδος ΑΣΑ ΑΣ' Σ", "Привет ПРИЙ ёж", "東京大学 the東京42 、。「東」", "한글 한국어 ㄱ", "かき がき ｶﾞ", "😀 😀😀 a😀b 👍🏽 👩‍🚀 👨‍👩‍👧‍👦 🇩🇪 ❤️", "a\u200db a\u200cb \u2060 \u00ad soft",
        "a\u0000b\u0001c\u007fd run\u000bsleep\u000crun", "\ud800 a\udc00b \ud800\ud800 x\udbff", "\u00a0the\u00a0bank\u3000saw\u2003a\u2028an\u2029un\u202f \u1680b\u205f", "\ufffdthe\ufffd \ue000play\uf8ff",
        "3.14 $42 50% #1 a@b.c ½ ² Ⅷ ٣٤ १२ 𝟘𝟙 ①", "<a>=b^c`d|e~f\\g \"q\"", "“the” — bank… ¿play? «run» ·", "𝒜𝓁𝑔 𝐇𝐢 𐐀𐐩 𐍈", "हिन्दी கொ กำ עברית العربية لا", "o\u0308\u0323\u0301 ộ ǖ Å K Ω ≠ ≮", "q\u0488q \u20dda Ǆ ǅ ﬁ ﬀ Ａ！",
    ];

    // Characters that Unicode has had for long, by blocks; unassigned ones are taken out below.
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x20, 0x7E), (0x20, 0x7E), (0, 0x1F), (0x7F, 0x84), (0x86, 0x17F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x620, 0x66F), (0x900, 0x97F), (0xE00, 0xE5F),
        (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x218B), (0x3000, 0x30FF), (0x4E00, 0x4EFF), (0xAC00, 0xACFF), (0xD800, 0xDFFF), (0xFF00, 0xFFEF), (0x1D400, 0x1D4FF), (0x1F300, 0x1F64F),
    ];

    [PeerFact]
    public Task Tiny_WordPiece_uncased() => EqualAsync(new WordPiece(Letters()), Texts());

    [PeerFact]
    public Task Tiny_WordPiece_cased() => EqualAsync(new WordPiece(Letters(), lowerCase: false), Texts());

    [PeerFact]
    public Task Tiny_WordPiece_lower_case_with_accents() => EqualAsync(new WordPiece(Letters(), new BertNormalization(LowerCase: true, StripAccents: false)), Texts());

    [PeerFact]
    public Task Tiny_WordPiece_cased_without_accents_and_with_ideographs_in_words() => EqualAsync(new WordPiece(Letters(), new BertNormalization(LowerCase: false, StripAccents: true, IsolateIdeographs: false)), Texts());

    [PeerFact]
    public Task Tiny_byte_level_BPE() => EqualAsync(TinyBpe.Create(), Texts());

    [PeerFact]
    public Task Tiny_byte_level_BPE_with_a_space_before() => EqualAsync(TinyBpe.Create(addPrefixSpace: true), Texts());

    [PeerFact]
    public async Task What_the_peer_does_with_the_characters_left_out()
    {
        var vocabulary = new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "\U00020000", "##\U00020000", "\u0378", "##\u0378"]);
        var ids = await PeerTokenizer.IdsAsync(new WordPiece(vocabulary), [["a\U00020000"], ["a\u0378"]]);
        Assert.Equal([[5, 8], [5, 10]], ids);
        Assert.Equal([5, 7], new WordPiece(vocabulary).Tokenize("a\U00020000"));
        Assert.Equal([5], new WordPiece(vocabulary).Tokenize("a\u0378"));
        // Where the next line and the byte order mark are white space, the first of two stands apart from the word after it.
        var bpe = new ByteLevelBpe([.. TinyBpe.Tokens([]), "Âħ", "ÂħÂħ", "ï»", "ï»¿", "ï»¿ï»¿"], [("Â", "ħ"), ("Âħ", "Âħ"), ("ï", "»"), ("ï»", "¿"), ("ï»¿", "ï»¿")], SpecialTokens.Roberta);
        var peer = await PeerTokenizer.IdsAsync(bpe, [["\u0085\u0085a"], ["\ufeff\ufeffa"]]);
        Assert.Equal(["ÂħÂħ a", "ï»¿ ï»¿ a"], peer.Select(line => TinyBpe.Text(bpe, line)));
        Assert.Equal("Âħ Âħ a", TinyBpe.Text(bpe, bpe.Tokenize("\u0085\u0085a")));
        Assert.Equal("ï»¿ï»¿ a", TinyBpe.Text(bpe, bpe.Tokenize("\ufeff\ufeffa")));
    }

    [PeerFact(NeedsData = true)]
    public Task Published_vocabulary_uncased_on_Wikipedia() => EqualAsync(new WordPiece(Published()), Texts().Concat(Wikipedia()));

    [PeerFact(NeedsData = true)]
    public Task Published_vocabulary_cased_on_Wikipedia() => EqualAsync(new WordPiece(Published(), lowerCase: false), Texts().Concat(Wikipedia()));

    [PeerFact(NeedsData = true)]
    public async Task GPT_2_on_Wikipedia()
    {
        using var folder = new TemporaryFolder();
        var folders = DatasetFolders.FromEnvironment([]);
        using (var packed = new GZipStream(File.OpenRead(folders.Find("GPT-2's vocabulary", "vocab/gpt2-vocab.json.gz")), CompressionMode.Decompress))
        using (var file = File.Create(folder.File("vocab.json")))
            await packed.CopyToAsync(file);
        File.Copy(folders.Find("GPT-2's merges", "vocab/gpt2-merges.txt"), folder.File("merges.txt"));
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal(50_257, tokenizer.Count);
        Assert.Equal([15496, 11, 995, 0], tokenizer.Tokenize("Hello, world!"));
        await EqualAsync(tokenizer, Texts().Concat(Wikipedia()));
    }

    private static async Task EqualAsync(Tokenizer tokenizer, IEnumerable<string> texts)
    {
        string[] all = [.. texts.Where(text => !IsLeftOut(tokenizer, text))];
        string[][] pairs = [["the lawyer", "saw 東 it!"], ["a", " b "], ["é😀", "'s x"]];
        var expected = await PeerTokenizer.IdsAsync(tokenizer, all.Select(text => new[] { text }).Concat(pairs));
        var actual = all.Select(tokenizer.Tokenize).Concat(pairs.Select(pair => tokenizer.EncodePair(pair[0], pair[1], 128, Truncation.Refuse).Ids)).ToList();
        Assert.Equal(expected.Count, actual.Count);
        var differences = all.Index().Where(text => !expected[text.Index].AsSpan().SequenceEqual(actual[text.Index])).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {all.Length} texts differ: " + string.Join("; ", differences.Take(5).Select(text =>
            $"{string.Concat(text.Item.Take(200).Select(unit => unit is >= ' ' and <= '~' ? $"{unit}" : $"\\u{(int)unit:x4}"))}: {string.Join(' ', actual[text.Index].Take(60))} instead of {string.Join(' ', expected[text.Index].Take(60))}")));
        Assert.Equal(expected[all.Length..], actual[all.Length..]);
    }

    private static bool IsLeftOut(Tokenizer tokenizer, string text) => tokenizer is WordPiece
        ? text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned || (!rune.IsBmp && CharacterFolding.IsIdeograph(rune)))
        : text.AsSpan().IndexOfAny('\u0085', '\ufeff') >= 0;

    private static IEnumerable<string> Texts()
    {
        foreach (var text in Hard)
            yield return text;
        yield return new string('a', 100);
        yield return new string('a', 101);
        yield return "the " + new string('é', 5000) + " " + string.Concat(Enumerable.Repeat("😀", 101)) + " " + string.Concat(Enumerable.Repeat("aab12", 300));
        for (var round = 0; round < 3000; round++)
            yield return Any(SplitMix64.From(20_261_121, round));
    }

    private static string Any(SplitMix64 random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(30); left > 0; left--)
        {
            var (first, last) = Blocks[random.Next(Blocks.Length)];
            for (var run = 1 + random.Next(4); run > 0; run--)
            {
                var code = first + random.Next(last - first + 1);
                if (code > char.MaxValue)
                    text.Append(char.ConvertFromUtf32(code));
                else if (char.GetUnicodeCategory((char)code) != UnicodeCategory.OtherNotAssigned)
                    text.Append((char)code);
            }
            if (random.Next(3) == 0)
                text.Append(" \t\n"[random.Next(3)]);
        }
        return text.ToString();
    }

    // Every character of the texts, as it is and folded, at the beginning of a word and inside, and some longer pieces.
    private static Vocabulary Letters()
    {
        var pieces = new SortedSet<string>(StringComparer.Ordinal) { "the", "law", "##yer", "th", "cafe", "café", "東京" };
        Span<char> units = stackalloc char[8];
        foreach (var rune in Hard.SelectMany(text => text.EnumerateRunes()).Where(rune => !CharacterFolding.IsControl(rune) && !Rune.IsWhiteSpace(rune)).Distinct().ToList())
            foreach (var settings in new[] { new BertNormalization(), new BertNormalization(false), new BertNormalization(true, false), new BertNormalization(false, true) })
                foreach (var part in new string(units[..CharacterFolding.Of(settings).Fold(rune, units)]).EnumerateRunes())
                    pieces.Add(part.ToString());
        pieces.UnionWith(["σ", "ς", "i"]);
        return new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. pieces, .. pieces.Where(piece => !piece.StartsWith("##", StringComparison.Ordinal)).Select(piece => "##" + piece)]);
    }

    private static Vocabulary Published() => Vocabulary.Load(DatasetFolders.FromEnvironment([]).Find("the BERT vocabulary", FileVocabulary.BertBaseUncased));

    private static IEnumerable<string> Wikipedia() =>
        TextLines.Read(DatasetFolders.FromEnvironment([]).Find("the Wikipedia text", "text_corpus/enwiki2015_subset.txt.gz"), CancellationToken.None).Where(line => line.Length > 0).Where((_, index) => index % 20 == 0).Take(Lines);
}
