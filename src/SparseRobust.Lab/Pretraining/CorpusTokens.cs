using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Pretraining;

/// <summary>A text corpus as token ids in a file that is read in place through a memory mapping; made once. Reading is thread-safe.</summary>
/// <remarks>The file holds all that pre-training needs, the vocabulary too, so it can be used on a machine that has neither text nor vocabulary. Opening reads it once from end to end
/// and checks everything. Starts of sentences and documents are kept in managed memory, 8 bytes each; ids stay in the mapping.</remarks>
public sealed class CorpusTokens : IDisposable
{
    /// <summary>The file's name in its folder.</summary>
    public const string FileName = "corpus.tokens";

    private static readonly TimeSpan LongestWrite = TimeSpan.FromDays(1);

    private readonly CorpusContents _contents;
    private readonly MappedIds _ids;

    private CorpusTokens(CorpusContents contents, MappedIds ids) => (_contents, _ids) = (contents, ids);

    /// <summary>The pieces whose ids the file holds.</summary>
    public Vocabulary Vocabulary => _contents.Vocabulary;

    /// <summary>Whether the text was lower-cased and its accents stripped.</summary>
    public bool LowerCase => _contents.Header.LowerCase;

    /// <summary>Number of documents, at least 2.</summary>
    public int Documents => _contents.Header.Documents;

    /// <summary>Number of sentences, each with at least one token.</summary>
    public int Sentences => _contents.Header.Sentences;

    /// <summary>Number of tokens, without special ones.</summary>
    public long Tokens => _contents.Header.Tokens;

    /// <summary>Lines of the text that were left out because they are not UTF-8.</summary>
    public int BrokenLines => _contents.Header.BrokenLines;

    /// <summary>Lower-case hex SHA-256 of the decompressed text.</summary>
    public string TextSha256 => _contents.Header.TextSha256;

    /// <summary>Size of the file.</summary>
    public long FileBytes => _contents.Header.FileBytes;

    /// <summary>Names the tokens by all that they depend on: SHA-256 over the text's SHA-256, the vocabulary's, the tokenizer and its version, and the version of sentences and format.</summary>
    public string Identity => Key(TextSha256, Vocabulary, LowerCase, _contents.Header.TokenizerVersion);

    /// <summary>Whether <see cref="Make"/> made the file rather than found it.</summary>
    public bool WasMade { get; private set; }

    /// <summary>What people should know of the making: a damaged or foreign file that was replaced, lines that were left out. Empty when the file was there.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Where each sentence's ids begin, and after the last where they end.</summary>
    internal ReadOnlySpan<long> SentenceStarts => _contents.SentenceStarts;

    /// <summary>Where each document's sentences begin, and after the last where they end.</summary>
    internal ReadOnlySpan<long> DocumentStarts => _contents.DocumentStarts;

    /// <summary>Opens a file of tokens; the text is not needed.</summary>
    /// <param name="path">The file, or the folder that holds it as <see cref="FileName"/>.</param>
    /// <exception cref="LabException">ArtifactMissing: it is not there; ArtifactCorrupt: it is damaged, or of another version or kind of machine.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CorpusTokens Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return TryOpen(file) ?? throw new LabException(ProblemCode.ArtifactMissing, $"There is no tokenised corpus {file}: make it with sparserobust corpus, or copy it from the machine that made it.");
    }

    /// <summary>The tokens of a text in a folder: opened if they are there, else made. What lies there and is damaged, or made of something else, is replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="folder">Gets the file <see cref="FileName"/>; need not exist.</param>
    /// <param name="cancellation">Stops; no file is left then.</param>
    /// <exception cref="LabException">DatasetInvalid: the text is not UTF-8, is empty or has one document only; StorageFull.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static CorpusTokens Make(Corpus text, WordPiece tokenizer, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        var (there, notes) = Reuse(path, text, tokenizer);
        if (there is not null)
            return there;
        if (CorpusFile.Write(path, text, tokenizer, cancellation) is { } leftOut)
            notes.Add(leftOut);
        // By the file system's own clock; another process may be writing now.
        DurableFile.RemoveOldLeftovers(Path.GetDirectoryName(path)!, writtenBefore: File.GetLastWriteTimeUtc(path) - LongestWrite);
        var made = Open(path);
        (made.WasMade, made.Notes) = (true, notes);
        return made;
    }

    /// <summary>As <see cref="Make"/>, in an output folder's cache: cache/corpus/{key}/, where the key depends on the text's file, the vocabulary and the tokenizer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="root">The output folder (--out).</param>
    /// <param name="cancellation">Stops; no file is left then.</param>
    public static CorpusTokens Cached(Corpus text, WordPiece tokenizer, string root, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var key = Key(text.Sha256, tokenizer.Vocabulary, tokenizer.LowerCase, WordPiece.Version);
        return Make(text, tokenizer, Path.Combine(root, "cache", "corpus", key), cancellation);
    }

    /// <summary>Fills <paramref name="ids"/> with the corpus's ids from number <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The corpus does not have them all.</exception>
    /// <exception cref="ObjectDisposedException">The file was let go.</exception>
    internal void CopyIds(long first, Span<long> ids)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Tokens - ids.Length);
        _ids.Copy(first, ids);
    }

    /// <summary>Lets the mapping go.</summary>
    public void Dispose() => _ids.Dispose();

    private static CorpusTokens? TryOpen(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            var contents = CorpusContents.Read(file, path);
            return new CorpusTokens(contents, MappedIds.Open(file, CorpusHeader.Bytes, contents.Header.IdBytes));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static (CorpusTokens? There, List<string> Notes) Reuse(string path, Corpus text, WordPiece tokenizer)
    {
        try
        {
            var there = TryOpen(path);
            if (there is null || there.IsOf(text, tokenizer))
                return (there, []);
            there.Dispose();
            return (null, [$"'{path}' held the tokens of another text, or of another vocabulary or tokenizer; it was made again."]);
        }
        catch (LabException e) when (e.Code == ProblemCode.ArtifactCorrupt)
        {
            return (null, [$"{e.Message} That was done now."]);
        }
    }

    private bool IsOf(Corpus text, WordPiece tokenizer) =>
        _contents.Header.SourceSha256 == text.Sha256 && Vocabulary.Sha256 == tokenizer.Vocabulary.Sha256 && LowerCase == tokenizer.LowerCase && _contents.Header.TokenizerVersion == WordPiece.Version;

    private static string Key(string sha256, Vocabulary vocabulary, bool lowerCase, int tokenizerVersion) => ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"""
        corpus {CorpusHeader.Version}
        text {sha256}
        vocabulary {vocabulary.Sha256}
        wordpiece {tokenizerVersion} {(lowerCase ? "uncased" : "cased")}
        """)));
}
