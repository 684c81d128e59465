using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>A part of a tokenizer's JSON file that knows where it stands, so that every refusal names the file, the place and the value.</summary>
internal readonly struct JsonPart
{
    private const int Deepest = 32;
    private const int LongestValue = 80;

    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _path;

    private JsonPart(JsonElement element, string file, string path) => (_element, _file, _path) = (element, file, path);

    /// <summary>Whether it is null.</summary>
    public bool IsNull => _element.ValueKind == JsonValueKind.Null;

    /// <summary>Whether it is text, and not an object or a list.</summary>
    public bool IsText => _element.ValueKind == JsonValueKind.String;

    /// <summary>Whether it is a list.</summary>
    public bool IsList => _element.ValueKind == JsonValueKind.Array;

    /// <summary>Reads a file whose top is an object.</summary>
    /// <exception cref="LabException">TokenizerInvalid when it is larger than <see cref="TokenizerFile.MostBytes"/>, no JSON, nested deeper than 32, or names a member twice.</exception>
    public static JsonPart Open(string path)
    {
        var content = TokenizerFile.Read(path);
        if (!Utf8.IsValid(content))
            throw new LabException(ProblemCode.TokenizerInvalid, $"{path} is not UTF-8: fetch the file again.");
        try
        {
            var top = new JsonPart(JsonElement.Parse(content, new JsonDocumentOptions { MaxDepth = Deepest, AllowDuplicateProperties = false }), path, "$");
            return top._element.ValueKind == JsonValueKind.Object ? top : throw top.Refused("it is no object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new LabException(ProblemCode.TokenizerInvalid, $"{path} is no JSON of a tokenizer: {e.Message} Fetch the file again.", e);
        }
    }

    /// <summary>A member that must be there.</summary>
    public JsonPart this[string name] => TryGet(name) ?? throw Refused($"it has no \"{name}\"");

    /// <summary>A member, or null where it is absent or null.</summary>
    public JsonPart? TryGet(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object)
            throw Refused("it is no object");
        return _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonPart(value, _file, $"{_path}.{name}") : null;
    }

    /// <summary>Its text.</summary>
    public string Text()
    {
        if (!IsText)
            throw Refused("it is no text");
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException half)
        {
            throw Refused("its text has half a character", half);
        }
    }

    /// <summary>Its whole number.</summary>
    public int Number() => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out var number) ? number : throw Refused("it is no whole number");

    /// <summary>A member that is true or false, or null where it is absent or null.</summary>
    public bool? Flag(string name) => TryGet(name) is not { } part ? null : part._element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw part.Refused("it is neither true nor false"),
    };

    /// <summary>The parts of a list.</summary>
    public IEnumerable<JsonPart> List()
    {
        if (!IsList)
            throw Refused("it is no list");
        var (file, path, index) = (_file, _path, 0);
        return _element.EnumerateArray().Select(element => new JsonPart(element, file, FormattableString.Invariant($"{path}[{index++}]")));
    }

    /// <summary>The members of an object with whole numbers, the form of a vocabulary.</summary>
    public IEnumerable<(string Name, int Number)> Numbers()
    {
        if (_element.ValueKind != JsonValueKind.Object)
            throw Refused("it is no object");
        foreach (var member in _element.EnumerateObject())
        {
            var name = NameOf(member);
            yield return member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number)
                ? (name, number) : throw new JsonPart(member.Value, _file, $"{_path}.{name}").Refused("it is no whole number");
        }
    }

    /// <summary>A refusal of this part: where it stands, what it is, what is wrong.</summary>
    public LabException Refused(string problem, Exception? cause = null)
    {
        var value = JsonMarshal.GetRawUtf8Value(_element);
        var shown = System.Text.Encoding.UTF8.GetString(value[..Math.Min(value.Length, LongestValue)]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new LabException(ProblemCode.TokenizerInvalid, $"{_file}, {_path} = {string.Join(' ', shown)}{(value.Length > LongestValue ? " and so on" : "")}: {problem}.", cause);
    }

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException half)
        {
            throw Refused("the name of a member has half a character", half);
        }
    }
}
