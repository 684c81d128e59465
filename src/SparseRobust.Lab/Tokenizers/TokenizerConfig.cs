namespace SparseRobust.Lab.Tokenizers;

/// <summary>What tokenizer_config.json and special_tokens_map.json say beside a vocabulary; either may be absent.</summary>
internal sealed class TokenizerConfig
{
    /// <summary>File name of the settings.</summary>
    public const string FileName = "tokenizer_config.json";

    /// <summary>File name of the special tokens.</summary>
    public const string SpecialsFileName = "special_tokens_map.json";

    private static readonly string[] Names = ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"];

    private readonly JsonPart[] _files;

    private TokenizerConfig(JsonPart[] files) => _files = files;

    /// <summary>BERT's settings; those absent are Hugging Face's defaults.</summary>
    public BertNormalization Normalization => new(Flag("do_lower_case") ?? true, Flag("strip_accents"), Flag("tokenize_chinese_chars") ?? true);

    /// <summary>Whether a space is put before a text; false where nothing is said.</summary>
    public bool AddPrefixSpace => Flag("add_prefix_space") ?? false;

    /// <summary>Reads what there is in a folder.</summary>
    public static TokenizerConfig Read(string folder) =>
        new([.. new[] { SpecialsFileName, FileName }.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(JsonPart.Open)]);

    /// <summary>The special tokens of a byte-level vocabulary: those named; where a name is absent RoBERTa's, if the vocabulary has it, else GPT-2's.</summary>
    public SpecialTokens Specials(IReadOnlyList<string> tokens)
    {
        var (names, roberta, gpt2) = (tokens.ToHashSet(StringComparer.Ordinal), SpecialTokens.Roberta, SpecialTokens.Gpt2);
        return new SpecialTokens(
            Of(Names[0], roberta.Pad, gpt2.Pad), Of(Names[1], roberta.Unknown, gpt2.Unknown), Of(Names[2], roberta.Cls, gpt2.Cls), Of(Names[3], roberta.Sep, gpt2.Sep), Of(Names[4], roberta.Mask, gpt2.Mask));

        string Of(string name, string first, string second) => Named(name) ?? (names.Contains(first) || !names.Contains(second) ? first : second);
    }

    /// <summary>Refuses other special tokens than BERT's.</summary>
    public void RequireBert()
    {
        foreach (var (name, token) in Names.Zip(SpecialTokens.Bert.InOrder))
            if (Named(name) is { } other && other != token)
                throw Part(name)!.Value.Refused($"only BERT's \"{token}\" is read here with WordPiece");
    }

    // Either the token itself or an object with its content.
    private string? Named(string name) => Part(name) is { } part ? (part.IsText ? part.Text() : part["content"].Text()) : null;

    private JsonPart? Part(string name) => _files.Select(file => file.TryGet(name)).FirstOrDefault(part => part is not null);

    private bool? Flag(string name) => _files.Select(file => file.Flag(name)).FirstOrDefault(flag => flag is not null);
}
