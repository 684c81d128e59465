using System.Text;
using System.Text.Json;

namespace SparseRobust.Lab.Data;

/// <summary>JSON lines: one object a line. Of a repeated property the last counts; numbers are taken as their text.</summary>
internal sealed class JsonRows(IReadOnlyList<Field> fields) : RowParser
{
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
        var index = 0;
        while (index < fields.Count && !reader.ValueTextEquals(fields[index].Name))
            index++;
        reader.Read();
        if (index < fields.Count)
            values[index] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
                _ => null,
            };
        reader.Skip();
    }
}
