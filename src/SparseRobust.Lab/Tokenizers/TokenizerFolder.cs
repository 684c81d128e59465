using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>A tokenizer's files in Hugging Face's layout.</summary>
/// <remarks>tokenizer.json says all and is taken first; else vocab.txt is BERT's vocabulary, and vocab.json with merges.txt is RoBERTa's or GPT-2's, each with the settings of
/// tokenizer_config.json and the special tokens of special_tokens_map.json. A vocabulary named by its file is read by itself, with the defaults of the uncased models.</remarks>
public static class TokenizerFolder
{
    /// <summary>Everything about a tokenizer.</summary>
    internal const string JsonFile = "tokenizer.json";

    /// <summary>BERT's vocabulary, one token a line.</summary>
    internal const string WordPieceFile = "vocab.txt";

    /// <summary>A byte-level vocabulary: tokens with ids.</summary>
    internal const string BpeFile = "vocab.json";

    /// <summary>The merges of a byte-level vocabulary, one a line.</summary>
    internal const string MergesFile = "merges.txt";

    /// <summary>Every file that a tokenizer may be read from.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [JsonFile, WordPieceFile, BpeFile, MergesFile, TokenizerConfig.FileName, TokenizerConfig.SpecialsFileName];

    /// <summary>Reads a folder, or one file: a tokenizer.json (any name that ends in .json, save vocab.json, which stands for its folder), or a BERT vocabulary.</summary>
    /// <exception cref="LabException">ArtifactMissing when there is no tokenizer; TokenizerInvalid when it cannot work, or is of a kind that is not understood, naming the file, the place and the value.</exception>
    public static Tokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return LoadFolder(path);
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return new WordPiece(Vocabulary.Load(path));
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Path.GetFileName(path) == BpeFile ? LoadBpe(folder) : TokenizerJson.Read(path, TokenizerConfig.Read(folder));
    }

    private static Tokenizer LoadFolder(string folder)
    {
        var config = TokenizerConfig.Read(folder);
        if (File.Exists(Path.Combine(folder, JsonFile)))
            return TokenizerJson.Read(Path.Combine(folder, JsonFile), config);
        if (File.Exists(Path.Combine(folder, BpeFile)))
            return LoadBpe(folder);
        config.RequireBert();
        return new WordPiece(Vocabulary.Load(Path.Combine(folder, WordPieceFile)), config.Normalization);
    }

    private static ByteLevelBpe LoadBpe(string folder)
    {
        var config = TokenizerConfig.Read(folder);
        var tokens = new JsonVocabulary(JsonPart.Open(Path.Combine(folder, BpeFile))).InOrder();
        return new ByteLevelBpe(tokens, ReadMerges(Path.Combine(folder, MergesFile)), config.Specials(tokens), config.AddPrefixSpace);
    }

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        var merges = new List<(string, string)>();
        foreach (var (number, line) in TokenizerFile.ReadLines(path).Index())
        {
            if (line.Length == 0 || (number == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            merges.Add(line.Split(' ', 3) is [{ Length: > 0 } left, { Length: > 0 } right]
                ? (left, right) : throw new LabException(ProblemCode.TokenizerInvalid, FormattableString.Invariant($"{path}, line {number + 1}, is no merge of two tokens with a space between: fetch the file again.")));
        }
        return merges;
    }
}
