namespace SparseRobust.Lab.Tokenizers;

/// <summary>Reads tokenizer.json, as far as the BERT and RoBERTa families use it. What is not understood is refused by name, never passed over.</summary>
/// <remarks>Source: Hugging Face tokenizers, the format "1.0". The sections truncation, padding and decoder do not bear on ids here and are not read. A post-processor may be absent:
/// inputs are laid out as the kind of model needs.</remarks>
internal static class TokenizerJson
{
    /// <summary>Reads the file; the names of special tokens of a byte-level vocabulary come from <paramref name="config"/>.</summary>
    public static Tokenizer Read(string path, TokenizerConfig config)
    {
        var top = JsonPart.Open(path);
        var model = top["model"];
        return model["type"].Text() switch
        {
            "WordPiece" => WordPiece(top, model),
            "BPE" => ByteLevel(top, model, config),
            _ => throw model["type"].Refused("models of this type are not read here, only WordPiece (BERT) and BPE over bytes (RoBERTa); take a model of these families"),
        };
    }

    private static WordPiece WordPiece(JsonPart top, JsonPart model)
    {
        Require(model, "unk_token", SpecialTokens.Bert.Unknown);
        Require(model, "continuing_subword_prefix", Vocabulary.Continuation);
        if (model.TryGet("max_input_chars_per_word") is { } longest && longest.Number() != WordBuffer.LongestWord)
            throw longest.Refused($"only {WordBuffer.LongestWord} is read here");
        if (top.TryGet("pre_tokenizer") is not { } words)
            throw top.Refused("it has no pre_tokenizer, and WordPiece is read here with a BertPreTokenizer only");
        RequireType(Single(words), "BertPreTokenizer");
        RequireLayout(top, isBert: true, SpecialTokens.Bert);
        return new WordPiece(new Vocabulary(Tokens(top, model)), Normalization(top.TryGet("normalizer")));
    }

    private static ByteLevelBpe ByteLevel(JsonPart top, JsonPart model, TokenizerConfig config)
    {
        if (top.TryGet("normalizer") is { } normalizer && Parts(normalizer).Count > 0)
            throw normalizer.Refused("a normalizer before byte-level BPE is not read here; RoBERTa and GPT-2 have none");
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.TryGet(name) is { } affix && affix.Text().Length > 0)
                throw affix.Refused("it is not read here: byte-level BPE has none");
        foreach (var name in new[] { "byte_fallback", "ignore_merges" })
            if (model.Flag(name) == true)
                throw model[name].Refused("it is not read here, only false");
        if (top.TryGet("pre_tokenizer") is not { } words)
            throw top.Refused("it has no pre_tokenizer, and BPE is read here with ByteLevel only");
        var bytes = Single(words);
        RequireType(bytes, "ByteLevel");
        if (bytes.Flag("use_regex") == false)
            throw bytes["use_regex"].Refused("it is not read here, only true");
        var tokens = Tokens(top, model);
        var specials = config.Specials(tokens);
        RequireLayout(top, isBert: false, specials);
        return new ByteLevelBpe(tokens, [.. model["merges"].List().Select(Merge)], specials, bytes.Flag("add_prefix_space") ?? true);
    }

    private static (string Left, string Right) Merge(JsonPart merge)
    {
        string[] parts = merge.IsList ? [.. merge.List().Take(3).Select(part => part.Text())] : merge.Text().Split(' ', 3);
        return parts is [var left, var right] ? (left, right) : throw merge.Refused("a merge is two tokens");
    }

    private static string[] Tokens(JsonPart top, JsonPart model)
    {
        var ids = new JsonVocabulary(model["vocab"]);
        foreach (var added in top.TryGet("added_tokens")?.List() ?? [])
        {
            var content = added["content"];
            if (added.Flag("special") != true && !ids.Contains(content.Text()))
                throw content.Refused("an added token that is not special is not read here: it would be looked for in texts before all else; add it to the model's vocabulary instead");
            ids.Add(content.Text(), added["id"].Number(), added);
        }
        return ids.InOrder();
    }

    private static BertNormalization Normalization(JsonPart? normalizer)
    {
        var parts = normalizer is { } given ? Parts(given) : [];
        if (parts is [var only] && TypeOf(only) == "BertNormalizer")
            return new BertNormalization(only.Flag("lowercase") ?? true, only.Flag("strip_accents"), only.Flag("handle_chinese_chars") ?? true, only.Flag("clean_text") ?? true);
        string[] types = [.. parts.Select(TypeOf)];
        foreach (var part in parts)
            if (TypeOf(part) is not ("NFD" or "Lowercase" or "StripAccents"))
                throw part.Refused("a normalizer of this type is not read here beside others, only BertNormalizer alone, or a Sequence of NFD, StripAccents and Lowercase");
        var (decomposed, stripped) = (Array.IndexOf(types, "NFD"), Array.LastIndexOf(types, "StripAccents"));
        if ((decomposed >= 0 || stripped >= 0) && !(decomposed >= 0 && decomposed < stripped))
            throw normalizer!.Value.Refused("NFD and StripAccents are read here together only, NFD first");
        return new BertNormalization(types.Contains("Lowercase"), stripped >= 0, IsolateIdeographs: false, CleanText: false);
    }

    private static void RequireLayout(JsonPart top, bool isBert, SpecialTokens specials)
    {
        if (top.TryGet("post_processor") is not { } given)
            return;
        foreach (var part in Parts(given, "processors"))
        {
            switch (TypeOf(part))
            {
                case "BertProcessing" when isBert:
                case "RobertaProcessing" when !isBert:
                    RequireFirst(part["cls"], specials.Cls);
                    RequireFirst(part["sep"], specials.Sep);
                    break;
                case "TemplateProcessing":
                    RequireTemplate(part["single"], [specials.Cls + " 0", "A 0", specials.Sep + " 0"]);
                    RequireTemplate(part["pair"], isBert
                        ? [specials.Cls + " 0", "A 0", specials.Sep + " 0", "B 1", specials.Sep + " 1"]
                        : [specials.Cls + " 0", "A 0", specials.Sep + " 0", specials.Sep + " 0", "B 0", specials.Sep + " 0"]);
                    break;
                case "ByteLevel" when !isBert:
                    break;
                default:
                    throw part.Refused($"a post-processor of this type is not read here with {(isBert ? "WordPiece" : "byte-level BPE")}");
            }
        }
    }

    private static void RequireTemplate(JsonPart template, string[] expected)
    {
        string[] items = [.. template.List().Take(expected.Length + 1).Select(item => item.TryGet("SpecialToken") ?? item["Sequence"]).Select(item => FormattableString.Invariant($"{item["id"].Text()} {item["type_id"].Number()}"))];
        if (!items.SequenceEqual(expected))
            throw template.Refused($"inputs are laid out here as {string.Join(", ", expected)} (token or text, and its type)");
    }

    private static void RequireFirst(JsonPart pair, string expected)
    {
        if (!pair.List().Take(1).Any(part => part.Text() == expected))
            throw pair.Refused($"the special token in this place is \"{expected}\"");
    }

    private static void Require(JsonPart model, string name, string expected)
    {
        if (model.TryGet(name) is { } given && given.Text() != expected)
            throw given.Refused($"only \"{expected}\" is read here");
    }

    private static void RequireType(JsonPart part, string type)
    {
        if (TypeOf(part) != type)
            throw part.Refused($"it is not read here, only {type}");
    }

    private static string TypeOf(JsonPart part) => part["type"].Text();

    private static JsonPart Single(JsonPart part) => Parts(part, "pretokenizers") is [var only] ? only : throw part.Refused("a Sequence of several is not read here");

    // A Sequence is read as its parts; anything else is the only part.
    private static List<JsonPart> Parts(JsonPart part, string name = "normalizers") => TypeOf(part) == "Sequence" ? [.. part[name].List().SelectMany(inner => Parts(inner, name))] : [part];
}
