using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>BERT's tokenizer: cleaning, lower-casing, accent stripping, splitting at spaces, punctuation and CJK ideographs, then greedy longest-match pieces.</summary>
/// <remarks>Source: Hugging Face BertTokenizer, BasicTokenizer and WordpieceTokenizer. Deviates in one thing: special tokens written out in a text
/// ("[SEP]") are read as text, so data cannot forge structure. Immutable and thread-safe; allocates only the answer (and a pooled array for long texts).</remarks>
public sealed class WordPiece : Tokenizer
{
    /// <summary>To be raised when a text gets other ids than before; cached ids are then made again.</summary>
    internal const int Version = 1;

    private readonly BasicTokenizer _words;

    /// <summary>Makes the tokenizer of the uncased models, or of the cased ones.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="lowerCase">Lower-case and strip accents (the uncased models).</param>
    public WordPiece(Vocabulary vocabulary, bool lowerCase = true)
        : this(vocabulary, new BertNormalization(lowerCase))
    {
    }

    /// <summary>Makes a tokenizer with settings of its own.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="normalization">What is done to a text first.</param>
    public WordPiece(Vocabulary vocabulary, BertNormalization normalization)
        : base((vocabulary ?? throw new ArgumentNullException(nameof(vocabulary))).Tokens, vocabulary.PadId, vocabulary.UnknownId, vocabulary.ClsId, vocabulary.SepId, vocabulary.MaskId)
    {
        Vocabulary = vocabulary;
        Normalization = normalization ?? throw new ArgumentNullException(nameof(normalization));
        _words = new BasicTokenizer(CharacterFolding.Of(normalization));
        Sha256 = normalization.Name == new BertNormalization().Name ? vocabulary.Sha256 : ContentHash.Of(System.Text.Encoding.UTF8.GetBytes($"{normalization.Name}\n{vocabulary.Sha256}"));
    }

    /// <summary>The pieces and their ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>What is done to a text first.</summary>
    public BertNormalization Normalization { get; }

    /// <summary>Whether text is lower-cased.</summary>
    public bool LowerCase => Normalization.LowerCase;

    /// <inheritdoc/>
    public override string Sha256 { get; }

    /// <inheritdoc/>
    public override bool UsesTokenTypes => true;

    internal override int SeparatorsBetween => 1;

    internal override string Algorithm => FormattableString.Invariant($"wordpiece {Version} {Normalization.Name}");

    /// <inheritdoc/>
    public override TokensWithOffsets TokenizeWithOffsets(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = new OffsetBuffer();
        _words.Read(text, new GreedyPieces(Vocabulary), ref pieces);
        return pieces.ToTokens();
    }

    /// <inheritdoc/>
    public override void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Vocabulary.Save(Path.Combine(folder, TokenizerFolder.WordPieceFile));
        DurableFile.Write(Path.Combine(folder, TokenizerFolder.JsonFile), TokenizerJsonWriter.Of(this));
        DurableFile.Write(Path.Combine(folder, TokenizerConfig.FileName), TokenizerJsonWriter.ConfigOf(this));
        DurableFile.Write(Path.Combine(folder, TokenizerConfig.SpecialsFileName), TokenizerJsonWriter.SpecialsOf(SpecialTokens.Bert));
    }

    private protected override void Append(string text, scoped ref IdBuffer ids) => _words.Read(text, new GreedyPieces(Vocabulary), ref ids);
}
