using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>The JSON files from which Hugging Face's libraries read a tokenizer.</summary>
internal static class TokenizerJsonWriter
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, IndentSize = 2 };

    /// <summary>tokenizer.json of a WordPiece tokenizer.</summary>
    public static string Of(WordPiece tokenizer)
    {
        var settings = tokenizer.Normalization;
        return Whole(
            tokenizer, SpecialTokens.Bert,
            new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = settings.CleanText,
                ["handle_chinese_chars"] = settings.IsolateIdeographs,
                ["strip_accents"] = settings.StripAccents,
                ["lowercase"] = settings.LowerCase,
            },
            new JsonObject { ["type"] = "BertPreTokenizer" },
            new JsonObject { ["type"] = "WordPiece", ["prefix"] = Vocabulary.Continuation, ["cleanup"] = true },
            new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = SpecialTokens.Bert.Unknown,
                ["continuing_subword_prefix"] = Vocabulary.Continuation,
                ["max_input_chars_per_word"] = WordBuffer.LongestWord,
                ["vocab"] = Ids(tokenizer),
            });
    }

    /// <summary>tokenizer.json of a byte-level tokenizer.</summary>
    public static string Of(ByteLevelBpe tokenizer) => Whole(
        tokenizer, tokenizer.Specials, normalizer: null, Bytes(tokenizer), Bytes(tokenizer),
        new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = "",
            ["end_of_word_suffix"] = "",
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = Ids(tokenizer),
            ["merges"] = new JsonArray([.. tokenizer.Merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
        });

    /// <summary>tokenizer_config.json of a WordPiece tokenizer.</summary>
    public static string ConfigOf(WordPiece tokenizer) => Config("BertTokenizer", SpecialTokens.Bert, new JsonObject
    {
        ["do_lower_case"] = tokenizer.Normalization.LowerCase,
        ["strip_accents"] = tokenizer.Normalization.StripAccents,
        ["tokenize_chinese_chars"] = tokenizer.Normalization.IsolateIdeographs,
    });

    /// <summary>tokenizer_config.json of a byte-level tokenizer.</summary>
    public static string ConfigOf(ByteLevelBpe tokenizer) => Config("RobertaTokenizer", tokenizer.Specials, new JsonObject
    {
        ["add_prefix_space"] = tokenizer.AddPrefixSpace,
        ["trim_offsets"] = true,
        ["bos_token"] = tokenizer.Specials.Cls,
        ["eos_token"] = tokenizer.Specials.Sep,
    });

    /// <summary>special_tokens_map.json.</summary>
    public static string SpecialsOf(SpecialTokens specials) => Named(specials).ToJsonString(Options);

    /// <summary>vocab.json: each token with its id.</summary>
    public static string VocabularyOf(ByteLevelBpe tokenizer) => Ids(tokenizer).ToJsonString(Options);

    private static string Whole(Tokenizer tokenizer, SpecialTokens specials, JsonObject? normalizer, JsonObject words, JsonObject decoder, JsonObject model) => new JsonObject
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = Added(tokenizer, specials),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = words,
        ["post_processor"] = Layout(tokenizer, specials),
        ["decoder"] = decoder,
        ["model"] = model,
    }.ToJsonString(Options);

    private static JsonArray Added(Tokenizer tokenizer, SpecialTokens specials)
    {
        var ids = tokenizer.Tokens.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return new JsonArray([.. specials.InOrder.Distinct(StringComparer.Ordinal).OrderBy(token => ids[token]).Select(token => (JsonNode)new JsonObject
        {
            ["id"] = ids[token],
            ["content"] = token,
            ["single_word"] = false,
            ["lstrip"] = !tokenizer.UsesTokenTypes && token == specials.Mask && token != specials.Sep,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        })]);
    }

    private static JsonObject Layout(Tokenizer tokenizer, SpecialTokens specials)
    {
        var second = tokenizer.UsesTokenTypes ? 1 : 0;
        JsonArray pair = [Special(specials.Cls, 0), Sequence("A", 0), .. Enumerable.Range(0, tokenizer.SeparatorsBetween).Select(_ => Special(specials.Sep, 0)), Sequence("B", second), Special(specials.Sep, second)];
        var used = new JsonObject { [specials.Cls] = Use(specials.Cls, tokenizer.ClsId) };
        if (specials.Sep != specials.Cls)
            used[specials.Sep] = Use(specials.Sep, tokenizer.SepId);
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Special(specials.Cls, 0), Sequence("A", 0), Special(specials.Sep, 0)),
            ["pair"] = pair,
            ["special_tokens"] = used,
        };
    }

    private static JsonObject Special(string token, int type) => new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = type } };

    private static JsonObject Sequence(string name, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };

    private static JsonObject Use(string token, int id) => new() { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) };

    private static JsonObject Bytes(ByteLevelBpe tokenizer) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = tokenizer.AddPrefixSpace,
        ["trim_offsets"] = true,
        ["use_regex"] = true,
    };

    private static JsonObject Ids(Tokenizer tokenizer) => new(tokenizer.Tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));

    private static string Config(string type, SpecialTokens specials, JsonObject settings)
    {
        settings.Insert(0, "tokenizer_class", type);
        foreach (var (name, token) in Named(specials))
            settings[name] = token!.DeepClone();
        return settings.ToJsonString(Options);
    }

    private static JsonObject Named(SpecialTokens specials) => new()
    {
        ["pad_token"] = specials.Pad,
        ["unk_token"] = specials.Unknown,
        ["cls_token"] = specials.Cls,
        ["sep_token"] = specials.Sep,
        ["mask_token"] = specials.Mask,
    };
}
