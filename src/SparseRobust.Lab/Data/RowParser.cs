namespace SparseRobust.Lab.Data;

/// <summary>A field a loader wants of each row.</summary>
/// <param name="Name">Column header or JSON property.</param>
/// <param name="IsRequired">Whether a row without it is broken.</param>
internal sealed record Field(string Name, bool IsRequired = true)
{
    /// <summary>Column of a table without a known header; negative counts from the end, null means the field is not there.</summary>
    public int? Column { get; init; }

    /// <summary>Other names of the same field, the preferred first; they count where the first name has no value.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Where JSON has a list of objects: the property whose texts, joined by spaces, are the value. Null for a plain value.</summary>
    public string? Each { get; init; }
}

/// <summary>Cuts one line into the wanted fields.</summary>
internal abstract class RowParser
{
    /// <summary>Fills <paramref name="values"/>, in the order of the wanted fields, with null for an absent one.</summary>
    /// <returns>What is wrong with the line, or null.</returns>
    public abstract string? Parse(ReadOnlySpan<byte> line, Span<string?> values);

    /// <summary>The names of required fields that are absent, as a reason; null when none is.</summary>
    protected static string? MissingField(IReadOnlyList<Field> fields, ReadOnlySpan<string?> values)
    {
        for (var i = 0; i < fields.Count; i++)
            if (fields[i].IsRequired && values[i] is null)
                return $"no text in field \"{fields[i].Name}\"";
        return null;
    }
}
