using System.Text;
using System.Text.Json;

namespace SparseRobust.Lab.Data;

/// <summary>JSON lines: one object a line. Of a repeated property the last counts; numbers are taken as their text.</summary>
internal sealed class JsonRows(IReadOnlyList<Field> fields) : RowParser
{
    // Which of its names gave a field its value: 0 for the first.
    private readonly int[] _ranks = new int[fields.Count];

    /// <inheritdoc/>
    public override string? Parse(ReadOnlySpan<byte> line, Span<string?> values)
    {
        values.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "not a JSON object";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadProperty(ref reader, values);
            reader.Read(); // Throws when anything follows the object.
        }
        catch (JsonException)
        {
            return "not valid JSON";
        }
        catch (InvalidOperationException)
        {
            return "not valid Unicode";
        }
        return MissingField(fields, values);
    }

    private void ReadProperty(ref Utf8JsonReader reader, Span<string?> values)
    {
        var (index, rank) = Wanted(ref reader);
        reader.Read();
        if (index >= 0 && (values[index] is null || rank <= _ranks[index]))
        {
            _ranks[index] = rank;
            values[index] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
                JsonTokenType.StartArray when fields[index].Each is { } property => Joined(ref reader, property),
                _ => null,
            };
        }
        reader.Skip();
    }

    private (int Field, int Rank) Wanted(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (reader.ValueTextEquals(fields[i].Name))
                return (i, 0);
            for (var rank = 0; rank < fields[i].Also.Count; rank++)
                if (reader.ValueTextEquals(fields[i].Also[rank]))
                    return (i, rank + 1);
        }
        return (-1, 0);
    }

    // The texts of one property of a list's objects; null when there are none.
    private static string? Joined(ref Utf8JsonReader reader, string property)
    {
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                reader.Skip();
            else
                AddTexts(ref reader, property, texts);
        }
        return texts.Count == 0 ? null : string.Join(' ', texts);
    }

    private static void AddTexts(ref Utf8JsonReader reader, string property, List<string> texts)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(property);
            reader.Read();
            if (isWanted && reader.TokenType == JsonTokenType.String)
                texts.Add(reader.GetString()!);
            reader.Skip();
        }
    }
}
