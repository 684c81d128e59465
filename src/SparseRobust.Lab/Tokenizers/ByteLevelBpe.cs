using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>The tokenizer of GPT-2 and RoBERTa: words by GPT-2's pattern, each as UTF-8 bytes, joined by ranked merges. No text is unknown to it.</summary>
/// <remarks>
/// Source: Hugging Face tokenizers, ByteLevel and BPE; inputs are laid out as RoBERTa's: &lt;s&gt; first &lt;/s&gt;&lt;/s&gt; second &lt;/s&gt;, all of token type 0. Deviates: special
/// tokens written out in a text are read as text, and a lone surrogate is read as U+FFFD. Offsets leave out the spaces around a token
/// (trim_offsets), save in a token of nothing else. Thread-safe; remembers the pieces of words in a bounded cache, and allocates only those and the answer.
/// </remarks>
public sealed class ByteLevelBpe : Tokenizer
{
    /// <summary>To be raised when a text gets other ids than before; cached ids are then made again.</summary>
    internal const int Version = 1;

    // UTF-8 has at most three bytes for a UTF-16 unit.
    private const int BytesPerUnit = 3;
    private const int StackUnits = 128;

    private readonly int[] _byteIds = new int[256];
    private readonly BytePairMerges _ranks;
    private readonly WordCache _cache = new();

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="tokens">The tokens in the order of their ids, bytes written as GPT-2 does ("Ġ" for a space); all 256 bytes are among them.</param>
    /// <param name="merges">Pairs of tokens in the order of their ranks.</param>
    /// <param name="specials">The special tokens, which are among the tokens.</param>
    /// <param name="addPrefixSpace">Put a space before a text that does not begin with one; default false, as RoBERTa.</param>
    /// <exception cref="LabException">TokenizerInvalid when a token is empty or occurs twice, a byte or a special token is missing, or a merge repeats or names a token that is not there.</exception>
    public ByteLevelBpe(IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges, SpecialTokens specials, bool addPrefixSpace = false)
        : this(tokens, Index(tokens), merges, specials, addPrefixSpace)
    {
    }

    private ByteLevelBpe(IReadOnlyList<string> tokens, FrozenDictionary<string, int> ids, IReadOnlyList<(string Left, string Right)> merges, SpecialTokens specials, bool addPrefixSpace)
        : base([.. tokens], Special(ids, specials.Pad), Special(ids, specials.Unknown), Special(ids, specials.Cls), Special(ids, specials.Sep), Special(ids, specials.Mask))
    {
        for (var value = 0; value < _byteIds.Length; value++)
            _byteIds[value] = ids.TryGetValue($"{ByteAlphabet.Symbol(value)}", out var id)
                ? id : throw Invalid($"has no token \"{ByteAlphabet.Symbol(value)}\" for the byte {value}: a byte-level vocabulary has all 256.");
        (Merges, Specials, AddPrefixSpace) = ([.. merges], specials, addPrefixSpace);
        _ranks = new BytePairMerges(Resolve(ids, Merges));
        Sha256 = Hash();
    }

    /// <summary>Pairs of tokens in the order of their ranks.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>The special tokens.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>Whether a space is put before a text that does not begin with one.</summary>
    public bool AddPrefixSpace { get; }

    /// <inheritdoc/>
    public override string Sha256 { get; }

    /// <inheritdoc/>
    public override bool UsesTokenTypes => false;

    internal override int SeparatorsBetween => 2;

    internal override string Algorithm => FormattableString.Invariant($"byte-level-bpe {Version}");

    /// <inheritdoc/>
    public override TokensWithOffsets TokenizeWithOffsets(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (read, added) = WithPrefix(text);
        var offsets = new ByteOffsets(Tokens, text, added);
        var ids = new IdBuffer(stackalloc int[StackUnits]);
        for (int start = 0, end; start < read.Length; start = end)
        {
            end = Gpt2Words.EndOf(read, start);
            ids.CutTo(0);
            AppendWord(read.AsSpan(start, end - start), ref ids);
            offsets.AddWord(start, end, ids.Ids);
        }
        ids.Dispose();
        return offsets.ToTokens();
    }

    /// <inheritdoc/>
    public override void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        DurableFile.Write(Path.Combine(folder, TokenizerFolder.BpeFile), TokenizerJsonWriter.VocabularyOf(this));
        DurableFile.Write(Path.Combine(folder, TokenizerFolder.MergesFile), "#version: 0.2\n" + string.Concat(Merges.Select(merge => $"{merge.Left} {merge.Right}\n")));
        DurableFile.Write(Path.Combine(folder, TokenizerFolder.JsonFile), TokenizerJsonWriter.Of(this));
        DurableFile.Write(Path.Combine(folder, TokenizerConfig.FileName), TokenizerJsonWriter.ConfigOf(this));
        DurableFile.Write(Path.Combine(folder, TokenizerConfig.SpecialsFileName), TokenizerJsonWriter.SpecialsOf(Specials));
    }

    private protected override void Append(string text, scoped ref IdBuffer ids)
    {
        var (read, _) = WithPrefix(text);
        for (int start = 0, end; start < read.Length; start = end)
        {
            end = Gpt2Words.EndOf(read, start);
            AppendWord(read.AsSpan(start, end - start), ref ids);
        }
    }

    private (string Text, int Added) WithPrefix(string text) => AddPrefixSpace && text.Length > 0 && text[0] != ' ' ? (" " + text, 1) : (text, 0);

    private void AppendWord(ReadOnlySpan<char> word, scoped ref IdBuffer ids)
    {
        if (_cache.TryGet(word, out var known, out var place))
        {
            ids.AddRange(known);
            return;
        }
        var before = ids.Count;
        if (word.Length <= StackUnits)
            AppendNew(word, stackalloc byte[BytesPerUnit * StackUnits], stackalloc int[BytesPerUnit * StackUnits], ref ids);
        else
            AppendLong(word, ref ids);
        _cache.Put(place, word, ids.Ids[before..]);
    }

    private void AppendLong(ReadOnlySpan<char> word, scoped ref IdBuffer ids)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(BytesPerUnit * word.Length);
        var pieces = ArrayPool<int>.Shared.Rent(BytesPerUnit * word.Length);
        AppendNew(word, bytes, pieces, ref ids);
        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<int>.Shared.Return(pieces);
    }

    private void AppendNew(ReadOnlySpan<char> word, scoped Span<byte> bytes, scoped Span<int> pieces, scoped ref IdBuffer ids)
    {
        bytes = bytes[..System.Text.Encoding.UTF8.GetBytes(word, bytes)];
        for (var i = 0; i < bytes.Length; i++)
            pieces[i] = _byteIds[bytes[i]];
        ids.AddRange(pieces[.._ranks.Apply(pieces[..bytes.Length])]);
    }

    private static FrozenDictionary<string, int> Index(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
        {
            if (string.IsNullOrEmpty(tokens[id]))
                throw Invalid($"has an empty token, id {id}: remove it.");
            if (!ids.TryAdd(tokens[id], id))
                throw Invalid($"holds \"{tokens[id]}\" twice, as {ids[tokens[id]]} and as {id}: ids would be ambiguous; remove one.");
        }
        return ids.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static int Special(FrozenDictionary<string, int> ids, string token) => ids.TryGetValue(token, out var id)
        ? id : throw Invalid($"has no token \"{token}\", which stands for a special one: name the vocabulary's own special tokens in special_tokens_map.json or tokenizer_config.json (pad_token, unk_token, cls_token, sep_token, mask_token).");

    private static List<(int Left, int Right, int Merged)> Resolve(FrozenDictionary<string, int> ids, IReadOnlyList<(string Left, string Right)> merges)
    {
        var resolved = new List<(int, int, int)>(merges.Count);
        var seen = new HashSet<(int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            var (one, two, both) = (Id(left), Id(right), Id(left + right));
            if (!seen.Add((one, two)))
                throw Invalid($"has the merge \"{left}\" + \"{right}\" twice, once as number {rank}: remove one.");
            resolved.Add((one, two, both));

            int Id(string token) => ids.TryGetValue(token, out var id) ? id : throw Invalid($"has no token \"{token}\", which merge {rank} (\"{left}\" + \"{right}\") needs: vocabulary and merges do not belong together.");
        }
        return resolved;
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{Algorithm} add_prefix_space {AddPrefixSpace}");
        foreach (var part in Specials.InOrder.Concat(Tokens).Concat(Merges.SelectMany(merge => new[] { merge.Left, merge.Right })))
            Add(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // With its length, so that no two lists are the same bytes.
        void Add(string part) => hash.AppendData(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"{part.Length}:{part}\n")));
    }

    private static LabException Invalid(FormattableString problem) => new(ProblemCode.TokenizerInvalid, $"The byte-level vocabulary {FormattableString.Invariant(problem)}");
}
