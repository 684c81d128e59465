using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>Tab-separated rows; quotes have no meaning. Columns are found by the header's names, or by position in a table without one.</summary>
/// <remarks>A row may be shorter than the header as long as it holds every required column (MNLI's unused last label columns), never longer.</remarks>
internal sealed class TabRows : RowParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IReadOnlyList<Field> _fields;
    private readonly int[] _columns;
    private readonly Range[] _ranges;
    private readonly int _most;
    private readonly int _least;

    private TabRows(IReadOnlyList<Field> fields, int[] columns, int most)
    {
        (_fields, _columns, _most) = (fields, columns, most);
        _ranges = new Range[most + 1];
        _least = 1 + columns.Where((_, i) => fields[i].IsRequired).Max();
    }

    /// <summary>Learns the columns from the first line.</summary>
    /// <param name="firstLine">The header, or the first row of a table without one.</param>
    /// <param name="fields">The wanted fields.</param>
    /// <param name="isHeader">Whether the line was a header.</param>
    /// <returns>Null when the line is neither.</returns>
    public static TabRows? From(ReadOnlySpan<byte> firstLine, IReadOnlyList<Field> fields, out bool isHeader)
    {
        var cells = Encoding.UTF8.GetString(firstLine).Split('\t');
        var columns = fields.Select(field => field.Also.Prepend(field.Name).Select(name => Array.IndexOf(cells, name)).FirstOrDefault(column => column >= 0, -1)).ToArray();
        isHeader = columns.Where((column, i) => column >= 0 && fields[i].IsRequired).Any();
        if (!isHeader && fields.Any(field => field.Column is not null))
            columns = [.. fields.Select(field => field.Column is { } column ? (column < 0 ? cells.Length + column : column) : -1)];
        var complete = !fields.Where((field, i) => field.IsRequired && (columns[i] < 0 || columns[i] >= cells.Length)).Any();
        return complete ? new TabRows(fields, columns, cells.Length) : null;
    }

    /// <inheritdoc/>
    public override string? Parse(ReadOnlySpan<byte> line, Span<string?> values)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return "not valid UTF-8";
        }
        var count = text.AsSpan().Split(_ranges, '\t');
        if (count > _most || count < _least)
            return $"{(count > _most ? "more than " + _most : count)} columns instead of {_most}{OpenQuote(text)}";
        for (var i = 0; i < _columns.Length; i++)
            values[i] = _columns[i] >= 0 && _columns[i] < count ? text[_ranges[_columns[i]]] : null;
        return MissingField(_fields, values);
    }

    /// <summary>Why a first line was refused.</summary>
    public static LabException Refuse(string what, string path, ReadOnlySpan<byte> firstLine, IReadOnlyList<Field> fields)
    {
        var shown = Encoding.UTF8.GetString(firstLine[..Math.Min(firstLine.Length, 120)]);
        var wanted = string.Join(", ", fields.Where(field => field.IsRequired).Select(field => field.Name));
        var advice = fields.Any(field => shown.Contains($"\"{field.Name}\"", StringComparison.Ordinal))
            ? "Its cells are quoted, and such a cell may hold tabs and line breaks: this reader takes tables without quoting, as GLUE's are."
            : "Check that it is the original file.";
        return new LabException(ProblemCode.DatasetInvalid, $"{path} is not {what}: the first line lacks a column of {wanted}. It reads \"{shown}\". {advice}");
    }

    // Quora's own table of question pairs breaks a few records at a line break inside quotes.
    private static string OpenQuote(string text) => text.AsSpan().Count('"') % 2 == 1 ? ", with a quote left open: a record broken over lines" : "";
}
