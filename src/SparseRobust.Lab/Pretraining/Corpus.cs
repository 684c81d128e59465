using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Pretraining;

/// <summary>A text to pre-train on: UTF-8, plain or gzipped, one paragraph a line, an empty line between documents. Immutable and thread-safe.</summary>
/// <remarks>The format is described in docs/datasets.md.</remarks>
public sealed class Corpus
{
    private Corpus(string path, string sha256) => (Path, Sha256) = (path, sha256);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Lower-case hex SHA-256 of the file as it lies there, compressed or not.</summary>
    public string Sha256 { get; }

    /// <summary>Names a file and reads it once for its hash.</summary>
    /// <exception cref="LabException">DatasetMissing: there is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Corpus Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new LabException(ProblemCode.DatasetMissing, $"There is no text corpus {path}: check the path; docs/datasets.md says what such a file looks like.");
        return new Corpus(path, ContentHash.OfFile(path));
    }
}
