using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

public sealed class TokenizerFolderTests : IDisposable
{
    private static readonly Vocabulary Words = new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "caf", "##e", "##é", "cafe", "Caf", "東", "##京", "東京", "!", "\u0301", "##\u0301"]);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<bool, bool?, bool, bool> Normalizations => new()
    {
        { true, null, true, true },
        { false, null, true, true },
        { true, false, true, true },
        { false, true, true, true },
        { true, null, false, true },
        { false, null, false, false },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void A_saved_WordPiece_is_read_back_alike(bool lowerCase, bool? stripAccents, bool isolateIdeographs, bool cleanText)
    {
        var saved = new WordPiece(Words, new BertNormalization(lowerCase, stripAccents, isolateIdeographs, cleanText));
        saved.Save(_folder.Path);
        var read = Assert.IsType<WordPiece>(TokenizerFolder.Load(_folder.Path));
        Assert.Equal((saved.Normalization, saved.Sha256), (read.Normalization, read.Sha256));
        Assert.Equal(saved.Tokens, read.Tokens);
        foreach (var text in new[] { "Café CAFÉ!", "cafe\u0301", "東京", "a\u0001\u000b!" })
            Assert.Equal(saved.Tokenize(text), read.Tokenize(text));
        // The same without tokenizer.json, whose settings stand in tokenizer_config.json too; but for cleaning, which has no name there.
        File.Delete(_folder.File("tokenizer.json"));
        Assert.Equal(saved.Normalization with { CleanText = true }, Assert.IsType<WordPiece>(TokenizerFolder.Load(_folder.Path)).Normalization);
    }

    [Fact]
    public void Normalizations_do_what_they_say()
    {
        Assert.Equal("cafe !", Of(new BertNormalization(), "CAFÉ!"));
        Assert.Equal("caf ##é", Of(new BertNormalization(LowerCase: true, StripAccents: false), "CAFÉ"));
        Assert.Equal("cafe", Of(new BertNormalization(LowerCase: false, StripAccents: true), "café"));
        Assert.Equal("Caf ##e", Of(new BertNormalization(LowerCase: false, StripAccents: true), "Café"));
        Assert.Equal("cafe ##\u0301", Of(new BertNormalization(LowerCase: false), "cafe\u0301"));
        Assert.Equal("[UNK] [UNK]", Of(new BertNormalization(), "京京"));
        Assert.Equal("東京", Of(new BertNormalization(IsolateIdeographs: false), "東京"));
        Assert.Equal("caf", Of(new BertNormalization(), "c\u0001af"));
        Assert.Equal("[UNK]", Of(new BertNormalization(CleanText: false), "c\u0001af"));
        Assert.Equal("caf !", Of(new BertNormalization(CleanText: false), "caf\u0085!"));
    }

    [Fact]
    public void The_identity_of_an_uncased_tokenizer_is_its_vocabulary_and_others_differ()
    {
        Assert.Equal(Words.Sha256, new WordPiece(Words).Sha256);
        Assert.Equal(Words.Sha256, new WordPiece(Words, new BertNormalization(LowerCase: true, StripAccents: true)).Sha256);
        var hashes = Normalizations.Select(row => new WordPiece(Words, new BertNormalization((bool)row[0], (bool?)row[1], (bool)row[2], (bool)row[3])).Sha256).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_saved_byte_level_tokenizer_is_read_back_alike(bool addPrefixSpace)
    {
        var saved = TinyBpe.Create(addPrefixSpace);
        saved.Save(_folder.Path);
        Check(TokenizerFolder.Load(_folder.Path));
        Check(TokenizerFolder.Load(_folder.File("tokenizer.json")));
        File.Delete(_folder.File("tokenizer.json"));
        Check(TokenizerFolder.Load(_folder.Path));
        Check(TokenizerFolder.Load(_folder.File("vocab.json")));

        void Check(Tokenizer read)
        {
            Assert.Equal((saved.Sha256, saved.MaskId), (read.Sha256, read.MaskId));
            Assert.Equal(saved.Tokenize("the lawyer's é"), read.Tokenize("the lawyer's é"));
        }
    }

    [Fact]
    public void A_vocabulary_file_by_itself_is_an_uncased_one()
    {
        Words.Save(_folder.File("words.txt"));
        Assert.Equal(Words.Sha256, TokenizerFolder.Load(_folder.File("words.txt")).Sha256);
    }

    [Fact]
    public void A_byte_level_vocabulary_without_names_takes_RoBERTas_special_tokens_or_GPT_2s()
    {
        TinyBpe.Create().Save(_folder.Path);
        File.Delete(_folder.File("tokenizer.json"));
        File.Delete(_folder.File("tokenizer_config.json"));
        File.Delete(_folder.File("special_tokens_map.json"));
        Assert.Equal(SpecialTokens.Roberta, Assert.IsType<ByteLevelBpe>(TokenizerFolder.Load(_folder.Path)).Specials);
        string[] tokens = ["<|endoftext|>", .. TinyBpe.Tokens(TinyBpe.Merges).Skip(5)];
        File.WriteAllText(_folder.File("vocab.json"), new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))).ToJsonString());
        var gpt2 = TokenizerFolder.Load(_folder.Path);
        Assert.Equal((0, 0, 0, 0, 0), (gpt2.PadId, gpt2.UnknownId, gpt2.ClsId, gpt2.SepId, gpt2.MaskId));
    }

    [Theory]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}]}""", true, true)]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}""", false, true)]
    [InlineData("""{"type": "Lowercase"}""", true, false)]
    [InlineData("null", false, false)]
    public void Single_normalizers_are_read_as_far_as_BERT_uses_them(string normalizer, bool lowerCase, bool stripAccents)
    {
        Edit(new WordPiece(Words), top => top["normalizer"] = JsonNode.Parse(normalizer));
        Assert.Equal(new BertNormalization(lowerCase, stripAccents, IsolateIdeographs: false, CleanText: false), Assert.IsType<WordPiece>(TokenizerFolder.Load(_folder.Path)).Normalization);
    }

    [Theory]
    [InlineData("""{"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}""")]
    [InlineData("null")]
    public void Other_ways_to_write_BERTs_layout_are_read(string processor)
    {
        Edit(new WordPiece(Words), top => top["post_processor"] = JsonNode.Parse(processor));
        Assert.Equal(new WordPiece(Words).Sha256, TokenizerFolder.Load(_folder.Path).Sha256);
    }

    [Theory]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": false}""")]
    [InlineData("""{"type": "ByteLevel", "trim_offsets": false}""")]
    [InlineData("null")]
    public void Other_ways_to_write_RoBERTas_layout_are_read(string processor)
    {
        Edit(TinyBpe.Create(), top =>
        {
            top["post_processor"] = JsonNode.Parse(processor);
            top["model"]!["merges"] = new JsonArray([.. TinyBpe.Merges.Select(merge => (JsonNode)new JsonArray(merge.Left, merge.Right))]);
        });
        Assert.Equal(TinyBpe.Create().Sha256, TokenizerFolder.Load(_folder.Path).Sha256);
    }

    [Fact]
    public void Added_special_tokens_go_behind_the_vocabulary()
    {
        Edit(new WordPiece(Words), top => top["added_tokens"]!.AsArray().Add(JsonNode.Parse("""{"id": 16, "content": "[E1]", "special": true}""")));
        Assert.Equal("[E1]", TokenizerFolder.Load(_folder.Path).Tokens[16]);
    }

    private static string Of(BertNormalization normalization, string text) => string.Join(' ', new WordPiece(Words, normalization).Tokenize(text).Select(id => Words.Tokens[id]));

    private void Edit(Tokenizer tokenizer, Action<JsonNode> change)
    {
        tokenizer.Save(_folder.Path);
        var top = JsonNode.Parse(File.ReadAllText(_folder.File("tokenizer.json")))!;
        change(top);
        File.WriteAllText(_folder.File("tokenizer.json"), top.ToJsonString());
    }

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "only WordPiece (BERT) and BPE")]
    [InlineData("model.unk_token", "\"<unk>\"", "only \"[UNK]\"")]
    [InlineData("model.continuing_subword_prefix", "\"@@\"", "only \"##\"")]
    [InlineData("model.max_input_chars_per_word", "50", "only 100")]
    [InlineData("model.vocab", "[]", "it is no object")]
    [InlineData("model.vocab.cafe", "999", "\"cafe\" has id 999")]
    [InlineData("model.vocab.cafe", "7", "both have id 7")]
    [InlineData("model.vocab.cafe", "\"8\"", "it is no whole number")]
    [InlineData("pre_tokenizer.type", "\"Whitespace\"", "only BertPreTokenizer")]
    [InlineData("pre_tokenizer", "null", "no pre_tokenizer")]
    [InlineData("normalizer.type", "\"NFKC\"", "not read here")]
    [InlineData("normalizer.lowercase", "1", "neither true nor false")]
    [InlineData("normalizer", """{"type": "NFD"}""", "NFD and StripAccents")]
    [InlineData("normalizer", """{"type": "StripAccents"}""", "NFD and StripAccents")]
    [InlineData("post_processor.type", "\"RobertaProcessing\"", "not read here with WordPiece")]
    [InlineData("post_processor.pair", "[]", "laid out here as [CLS] 0, A 0, [SEP] 0, B 1, [SEP] 1")]
    [InlineData("added_tokens", """[{"id": 16, "content": "new", "special": false}]""", "an added token that is not special")]
    [InlineData("added_tokens", """[{"id": 9, "content": "[SEP]", "special": true}]""", "the ids 3 and 9")]
    [InlineData("added_tokens", """[{"id": 20, "content": "[E1]", "special": true}]""", "without holes")]
    public void What_is_not_understood_is_refused_by_name(string place, string value, string named)
    {
        Edit(new WordPiece(Words), top => Set(top, place.Split('.'), JsonNode.Parse(value)));
        Refused(named, _folder.File("tokenizer.json"));
    }

    [Theory]
    [InlineData("model.byte_fallback", "true", "$.model.byte_fallback = true")]
    [InlineData("model.ignore_merges", "true", "only false")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "$.model.end_of_word_suffix")]
    [InlineData("model.merges", """["a b c"]""", "a merge is two tokens")]
    [InlineData("model.merges", """["q z"]""", "has no token \"qz\"")]
    [InlineData("normalizer", """{"type": "NFC"}""", "a normalizer before byte-level BPE")]
    [InlineData("pre_tokenizer.type", "\"Metaspace\"", "only ByteLevel")]
    [InlineData("pre_tokenizer.use_regex", "false", "only true")]
    [InlineData("post_processor.type", "\"BertProcessing\"", "not read here with byte-level BPE")]
    public void What_is_not_understood_of_BPE_is_refused_by_name(string place, string value, string named)
    {
        Edit(TinyBpe.Create(), top => Set(top, place.Split('.'), JsonNode.Parse(value)));
        Refused(named, "");
    }

    [Fact]
    public void Special_tokens_that_are_not_BERTs_are_refused_beside_a_vocab_txt()
    {
        Words.Save(_folder.File("vocab.txt"));
        File.WriteAllText(_folder.File("special_tokens_map.json"), """{"cls_token": {"content": "<s>"}}""");
        Refused("only BERT's \"[CLS]\"", "special_tokens_map.json");
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "it is no object")]
    [InlineData("""{"model": {"type": "WordPiece"}, "model": {}}""", "is no JSON")]
    [InlineData("""{"model": {"type": "\ud800"}}""", "half a character")]
    public void A_file_that_is_not_one_is_refused(string content, string named)
    {
        File.WriteAllText(_folder.File("tokenizer.json"), content);
        Refused(named, "tokenizer.json");
    }

    [Fact]
    public void Deep_nesting_and_great_size_are_refused_at_once()
    {
        File.WriteAllText(_folder.File("tokenizer.json"), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)));
        Refused("is no JSON", "tokenizer.json");
        using (var file = File.OpenWrite(_folder.File("tokenizer.json")))
            file.SetLength(1L << 40);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused("1,099,511,627,776 bytes", "tokenizer.json");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("a b\nab\n", "line 2")]
    [InlineData("a b\na  c\n", "line 2")]
    public void Merges_that_are_none_are_refused_by_line(string merges, string named)
    {
        TinyBpe.Create().Save(_folder.Path);
        File.Delete(_folder.File("tokenizer.json"));
        File.WriteAllText(_folder.File("merges.txt"), merges);
        Refused(named, "merges.txt");
    }

    private void Refused(string named, string file)
    {
        var refusal = Assert.Throws<LabException>(() => TokenizerFolder.Load(_folder.Path));
        Assert.Equal(ProblemCode.TokenizerInvalid, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    private static void Set(JsonNode top, string[] path, JsonNode? value)
    {
        foreach (var name in path[..^1])
            top = top[name]!;
        top[path[^1]] = value;
    }
}
