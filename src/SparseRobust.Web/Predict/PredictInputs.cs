using System.Text.Json;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Predict;

/// <summary>A text, or a pair in the order premise, hypothesis.</summary>
internal sealed record PredictInput(string Text, string? Pair)
{
    public int Characters => Text.Length + (Pair?.Length ?? 0);
}

/// <summary>The member inputs of a request.</summary>
/// <param name="Items">At least one, at most <see cref="MostInputs"/>.</param>
/// <param name="IsBatch">Whether the answer is a list of answers, even for one item.</param>
internal sealed record PredictInputs(IReadOnlyList<PredictInput> Items, bool IsBatch)
{
    public const int MostInputs = 32;

    private const string Shapes = "Send \"text\", [\"premise\", \"hypothesis\"] for one pair, [[\"text\"], [\"premise\", \"hypothesis\"]] for a batch, or {\"text\", \"text_pair\"} and lists of them.";

    /// <exception cref="Problem">RequestInvalid, InputEmpty or BatchTooLarge, with the JSON path.</exception>
    public static PredictInputs Read(JsonElement inputs) => inputs.ValueKind switch
    {
        JsonValueKind.Undefined => throw Problem.Invalid("$.inputs", $"is missing. {Shapes}"),
        JsonValueKind.Array when inputs.GetArrayLength() == 0 => throw Empty("$.inputs"),
        JsonValueKind.Array when inputs[0].ValueKind != JsonValueKind.String => ReadBatch(inputs),
        _ => new PredictInputs([ReadOne(inputs, "$.inputs", mayBeSingle: false)], false),
    };

    private static PredictInputs ReadBatch(JsonElement inputs)
    {
        var count = inputs.GetArrayLength();
        if (count > MostInputs)
            throw new Problem("BatchTooLarge", $"$.inputs: {count} texts are more than the {MostInputs} of one request. Send them in several.");
        return new PredictInputs([.. inputs.EnumerateArray().Select((item, i) => ReadItem(item, $"$.inputs[{i}]"))], true);
    }

    private static PredictInput ReadItem(JsonElement item, string path) => item.ValueKind == JsonValueKind.String
        ? throw Problem.Invalid(path, "is a string among lists. In a batch a single text is a list of one, [\"text\"].")
        : ReadOne(item, path, mayBeSingle: true);

    private static PredictInput ReadOne(JsonElement item, string path, bool mayBeSingle) => item.ValueKind switch
    {
        JsonValueKind.String => new PredictInput(Filled(item, path), null),
        JsonValueKind.Array => ReadList(item, path, mayBeSingle),
        JsonValueKind.Object => ReadObject(item, path),
        _ => throw Problem.Invalid(path, $"{item.GetRawText()} is no text. {Shapes}"),
    };

    // A flat list of strings is one pair, as its users know it; a list of one or of three is taken for a mistake rather than guessed at.
    private static PredictInput ReadList(JsonElement item, string path, bool mayBeSingle) => (item.GetArrayLength(), mayBeSingle) switch
    {
        (2, _) => new PredictInput(Filled(item[0], $"{path}[0]"), Filled(item[1], $"{path}[1]")),
        (1, true) => new PredictInput(Filled(item[0], $"{path}[0]"), null),
        (0, _) => throw Empty(path),
        (var count, true) => throw Problem.Invalid(path, $"has {count} strings; an item of a batch has one (a text) or two (a pair)."),
        (var count, false) => throw Problem.Invalid(path, $"is a list of {count} strings; a list of strings is one pair and has exactly two. A batch of texts is [[\"a\"], [\"b\"]]."),
    };

    private static PredictInput ReadObject(JsonElement item, string path)
    {
        if (item.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => name is not ("text" or "text_pair")) is { } unknown)
            throw Problem.Invalid($"{path}.{unknown}", "is not a field here. Fields: text, text_pair.");
        if (!item.TryGetProperty("text", out var text))
            throw Problem.Invalid($"{path}.text", "is missing.");
        var hasPair = item.TryGetProperty("text_pair", out var pair) && pair.ValueKind != JsonValueKind.Null;
        return new PredictInput(Filled(text, $"{path}.text"), hasPair ? Filled(pair, $"{path}.text_pair") : null);
    }

    private static string Filled(JsonElement text, string path)
    {
        if (text.ValueKind != JsonValueKind.String)
            throw Problem.Invalid(path, $"{text.GetRawText()} is not a string.");
        return string.IsNullOrWhiteSpace(Decoded(text, path)) ? throw Empty(path) : text.GetString()!;
    }

    private static string Decoded(JsonElement text, string path)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Problem.Invalid(path, "holds half of a surrogate pair, which is no character.");
        }
    }

    private static Problem Empty(string path) => new("InputEmpty", $"{path} is empty; there is nothing to predict.");
}
