using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Data;

/// <summary>Tokenised datasets under an output folder, cache/tokens/{key}.tokens, each made once and then mapped. Not thread-safe; several processes may share a folder.</summary>
/// <remarks>No lock is needed: whoever finds no file tokenises for himself, writes under a temporary name and renames; two files of one key hold the same bytes.
/// The folder may be deleted: what is mapped stays readable, and the rest is made again.</remarks>
/// <param name="root">The output folder (--out).</param>
internal sealed class TokenCache(string root)
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromDays(1);

    private readonly List<string> _notes = [];

    /// <summary>The output folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Where the files lie, whether or not there are any.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(root), "cache", "tokens");

    /// <summary>The ids of a dataset, tokenised if they are not there; to be disposed of.</summary>
    /// <exception cref="LabException">InputTooLong, naming the dataset, the row and its length; StorageFull.</exception>
    public TokenRows Rows(Dataset dataset, RowEncoder encoder, CancellationToken cancellation)
    {
        var layout = new TokenLayout(TokenKey.Of(dataset, encoder), dataset.Examples.Count, encoder.MaxLength, encoder.Truncation, encoder.Tokenizer.Count);
        var path = Path.Combine(Folder, $"{layout.Key}.tokens");
        if (TryOpen(path, layout) is { } there)
            return there;
        TokenFile.Write(path, layout, encoder.Encode(dataset, cancellation));
        // By the file system's own clock; another process may be writing now.
        DurableFile.RemoveOldLeftovers(Folder, writtenBefore: File.GetLastWriteTimeUtc(path) - LongestWrite);
        return MappedTokens.Open(path, layout);
    }

    /// <summary>What people should know of what happened here since the last call: files that were damaged.</summary>
    public IReadOnlyList<string> TakeNotes()
    {
        string[] notes = [.. _notes];
        _notes.Clear();
        return notes;
    }

    private MappedTokens? TryOpen(string path, TokenLayout layout)
    {
        try
        {
            return MappedTokens.Open(path, layout);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (LabException e) when (e.Code == ProblemCode.ArtifactCorrupt)
        {
            File.Delete(path);
            _notes.Add($"{e.Message} That was done now.");
            return null;
        }
    }
}
