using System.Globalization;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>Reads a file's good rows as fields by name, whether JSON lines or tab-separated, and keeps account of the broken ones. Not thread-safe.</summary>
internal sealed class DatasetRows : IDisposable
{
    private const int AlwaysTolerated = 10;
    private const int ToleratedPerMille = 1;
    private const int ShownBroken = 5;

    private readonly string _what;
    private readonly string _path;
    private readonly IReadOnlyList<Field> _fields;
    private readonly LineReader _lines;
    private readonly CancellationToken _cancellation;
    private readonly List<BrokenRow> _broken = [];
    private readonly string?[] _values;
    private RowParser? _parser;
    private int _rows;

    private DatasetRows(string what, string path, IReadOnlyList<Field> fields, LineReader lines, CancellationToken cancellation)
    {
        (_what, _path, _fields, _lines, _cancellation) = (what, path, fields, lines, cancellation);
        _values = new string?[fields.Count];
    }

    /// <summary>The current line's number, from 1.</summary>
    public int Line => _lines.Number;

    /// <summary>A wanted field of the current row, by its place in the list given to <see cref="Open"/>; never null when it is required.</summary>
    public string? this[int field] => _values[field];

    /// <summary>Opens a file.</summary>
    /// <param name="what">The dataset's name in messages: "MNLI".</param>
    /// <param name="path">The file.</param>
    /// <param name="fields">The wanted fields.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="LabException">DatasetInvalid when the file cannot be opened.</exception>
    public static DatasetRows Open(string what, string path, IReadOnlyList<Field> fields, CancellationToken cancellation) =>
        new(what, path, fields, LineReader.Open(path), cancellation);

    /// <summary>Moves to the next row that is not broken; false at the end of the file.</summary>
    /// <exception cref="LabException">DatasetInvalid when the header or the file is not as it should be.</exception>
    public bool Read()
    {
        while (_lines.Read())
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_parser is null && ReadHeader())
                continue;
            _rows++;
            if (_parser!.Parse(_lines.Line, _values) is not { } fault)
                return true;
            Reject(fault);
        }
        return false;
    }

    /// <summary>Counts the current row as broken.</summary>
    public void Reject(string reason) => _broken.Add(new BrokenRow(_lines.Number, reason));

    /// <summary>Adds what was learned about the file to a dataset of its rows.</summary>
    /// <exception cref="LabException">DatasetInvalid when over max(10, 0.1 %) of the rows were broken, or no row was good.</exception>
    public Dataset Complete(string name, string split, LabelSet labels, List<Example> examples)
    {
        var tolerated = Math.Max(AlwaysTolerated, (int)((long)_rows * ToleratedPerMille / 1000));
        if (_broken.Count > tolerated || examples.Count == 0)
            throw TooManyBroken(tolerated);
        return new Dataset(name, split, labels, examples, _lines.Sha256()) { BrokenRows = _broken, SourcePath = _path };
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    // True when the first line is used up by being a header.
    private bool ReadHeader()
    {
        if (_lines.Line.TrimStart(" \t"u8).StartsWith("{"u8))
        {
            _parser = new JsonRows(_fields);
            return false;
        }
        _parser = TabRows.From(_lines.Line, _fields, out var isHeader) ?? throw TabRows.Refuse(_what, _path, _lines.Line, _fields);
        return isHeader;
    }

    private LabException TooManyBroken(int tolerated)
    {
        var first = string.Join("; ", _broken.Take(ShownBroken).Select(row => $"line {row.Line}: {row.Reason}"));
        var count = string.Create(CultureInfo.InvariantCulture, $"{_broken.Count} of {_rows} rows are broken and {tolerated} are tolerated");
        var message = _broken.Count == 0 ? $"{_path} holds no usable {_what} row" : $"{_path} is not usable as {_what}: {count}. First {first}";
        return new LabException(ProblemCode.DatasetInvalid, message + ". Fetch the file again, or check that it is the original.");
    }
}
