using System.Globalization;
using System.Text.Unicode;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Reads a corpus document by document, and keeps account of lines that are not UTF-8: they are left out. Not thread-safe.</summary>
internal sealed class CorpusReader : IDisposable
{
    private const int AlwaysTolerated = 10;
    private const int ToleratedPerMille = 1;
    private const int ShownBroken = 5;

    private readonly string _path;
    private readonly LineReader _lines;
    private readonly CancellationToken _cancellation;
    private readonly List<BrokenRow> _broken = [];

    private CorpusReader(string path, LineReader lines, CancellationToken cancellation) => (_path, _lines, _cancellation) = (path, lines, cancellation);

    /// <summary>Lines left out so far.</summary>
    public int BrokenLines => _broken.Count;

    /// <exception cref="LabException">DatasetInvalid when the file cannot be opened.</exception>
    public static CorpusReader Open(Corpus corpus, CancellationToken cancellation) => new(corpus.Path, LineReader.Open(corpus.Path), cancellation);

    /// <summary>Replaces <paramref name="paragraphs"/> by those of the next document, at least one; false at the end of the file.</summary>
    /// <exception cref="LabException">DatasetInvalid when the file is damaged or a line has over 16 MiB.</exception>
    public bool Read(List<string> paragraphs)
    {
        paragraphs.Clear();
        while (_lines.Read())
        {
            _cancellation.ThrowIfCancellationRequested();
            var line = _lines.Line.Trim(" \t"u8);
            if (!Utf8.IsValid(line))
                _broken.Add(new BrokenRow(_lines.Number, "not UTF-8"));
            else if (!line.IsEmpty)
                paragraphs.Add(System.Text.Encoding.UTF8.GetString(line));
            else if (paragraphs.Count > 0)
                return true;
        }
        return paragraphs.Count > 0;
    }

    /// <summary>The SHA-256 of the decompressed text; to be asked once, after the last document.</summary>
    /// <param name="documents">How many documents had any tokens.</param>
    /// <exception cref="LabException">DatasetInvalid when over max(10, 0.1 %) of the lines were left out, or there are fewer than two documents.</exception>
    public string Complete(int documents)
    {
        var tolerated = Math.Max(AlwaysTolerated, (int)((long)_lines.Number * ToleratedPerMille / 1000));
        if (_broken.Count > tolerated)
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{_broken.Count} of {_lines.Number} lines are broken and {tolerated} are tolerated. First {FirstBroken()}. Convert the file to UTF-8"));
        return documents switch
        {
            0 => throw Invalid("it holds no text. Check that it is the right file"),
            1 => throw Invalid("it is a single document, and next-sentence prediction needs sentences of another one. Put an empty line between documents"),
            _ => _lines.Sha256(),
        };
    }

    /// <summary>What people should know of the lines left out, or null when there are none.</summary>
    public string? Note() => _broken.Count == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{_path}: {_broken.Count} of {_lines.Number} lines were left out. First {FirstBroken()}.");

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private string FirstBroken() => string.Join("; ", _broken.Take(ShownBroken).Select(row => string.Create(CultureInfo.InvariantCulture, $"line {row.Line}: {row.Reason}")));

    private LabException Invalid(string why) => new(ProblemCode.DatasetInvalid, $"{_path} is not usable as a text corpus: {why}.");
}
