using System.Collections.Frozen;
using System.Security.Cryptography;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>A WordPiece vocabulary: tokens by id. Word-internal pieces begin with "##". Immutable and thread-safe.</summary>
public sealed class Vocabulary
{
    /// <summary>What a piece inside a word begins with.</summary>
    internal const string Continuation = "##";

    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _initial;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _internal;

    /// <summary>Makes a vocabulary of tokens in the order of their ids.</summary>
    /// <exception cref="LabException">TokenizerInvalid when a token is empty, holds a line break, occurs twice, or a special token is missing.</exception>
    public Vocabulary(IReadOnlyList<string> tokens)
        : this(tokens, "The vocabulary")
    {
    }

    private Vocabulary(IReadOnlyList<string> tokens, string source)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Tokens = [.. tokens];
        var ids = Index(Tokens, source);
        (PadId, UnknownId, ClsId, SepId, MaskId) = (Special(SpecialTokens.Bert.Pad), Special(SpecialTokens.Bert.Unknown), Special(SpecialTokens.Bert.Cls), Special(SpecialTokens.Bert.Sep), Special(SpecialTokens.Bert.Mask));
        _initial = ids.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _internal = ids.Where(entry => entry.Key.Length > Continuation.Length && entry.Key.StartsWith(Continuation, StringComparison.Ordinal))
            .ToFrozenDictionary(entry => entry.Key[Continuation.Length..], entry => entry.Value, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        LongestToken = Tokens.Max(token => token.Length);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content()));

        int Special(string token) => ids.TryGetValue(token, out var id) ? id : throw new LabException(
            ProblemCode.TokenizerInvalid, $"{source} has no token \"{token}\", which BERT needs: use a BERT WordPiece vocabulary, or add the token.");
    }

    /// <summary>The tokens; a token's index is its id.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>How many tokens there are.</summary>
    public int Count => Tokens.Count;

    /// <summary>Lower-case hex SHA-256 of what <see cref="Save"/> writes (UTF-8, one token a line, line feeds), so line endings do not matter.</summary>
    public string Sha256 { get; }

    /// <summary>Id of [PAD].</summary>
    public int PadId { get; }

    /// <summary>Id of [UNK].</summary>
    public int UnknownId { get; }

    /// <summary>Id of [CLS].</summary>
    public int ClsId { get; }

    /// <summary>Id of [SEP].</summary>
    public int SepId { get; }

    /// <summary>Id of [MASK].</summary>
    public int MaskId { get; }

    /// <summary>Length of the longest token in UTF-16 units, "##" included.</summary>
    internal int LongestToken { get; }

    /// <summary>Reads a vocab.txt: UTF-8, one token a line, the line number (from 0) being the id. A BOM and carriage returns are ignored.</summary>
    /// <exception cref="LabException">ArtifactMissing when there is no such file; TokenizerInvalid as in the constructor, or when it is not UTF-8 or has over 64 MiB or a million lines.</exception>
    public static Vocabulary Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Vocabulary(TokenizerFile.ReadLines(path), $"The vocabulary file {path}");
    }

    /// <summary>Writes a vocab.txt that <see cref="Load"/> and Hugging Face's libraries read.</summary>
    public void Save(string path) => DurableFile.Write(path, Content());

    /// <summary>The id of a token, or -1.</summary>
    public int IndexOf(string token) => _initial.TryGetValue(token, out var id) ? id : -1;

    /// <summary>The id of a piece of a word, given without "##".</summary>
    internal bool TryFind(ReadOnlySpan<char> piece, bool startsWord, out int id) => (startsWord ? _initial : _internal).TryGetValue(piece, out id);

    private byte[] Content() => TokenizerFile.StrictUtf8.GetBytes(string.Concat(Tokens.Select(token => token + "\n")));

    private static Dictionary<string, int> Index(IReadOnlyList<string> tokens, string source)
    {
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
        {
            if (string.IsNullOrEmpty(tokens[id]) || tokens[id].AsSpan().IndexOfAny('\n', '\r') >= 0)
                throw new LabException(ProblemCode.TokenizerInvalid, $"{source} has an empty token or a line break in token {id} (line {id + 1}): remove the line.");
            if (!ids.TryAdd(tokens[id], id))
                throw new LabException(ProblemCode.TokenizerInvalid, $"{source} holds \"{tokens[id]}\" twice, as {ids[tokens[id]]} and as {id}: ids would be ambiguous; remove one.");
        }
        return ids;
    }
}
