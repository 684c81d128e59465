using System.Text.Json;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Web.Hosting;

/// <summary>What is wrong with a body, in the words of the interface: the serializer's own name our classes.</summary>
internal static partial class JsonFault
{
    public static Fault Of(JsonException exception)
    {
        var path = exception.Path ?? "$";
        var message = exception.Message;
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
            return new Fault(path, "is not a field here; /openapi/v1.json has those that are.");
        if (message.Contains("could not be converted to", StringComparison.Ordinal))
            return new Fault(path, "has a value of another type than due; /openapi/v1.json says which.");
        if (MissingPattern().Match(message) is { Success: true } missing)
            return new Fault(path, $"lacks {missing.Groups[1].Value.Replace('\'', '"')}.");
        return new Fault(path, $"is no valid JSON: {message.Split(" Path: ")[0]}");
    }

    [GeneratedRegex("missing required properties including: (.+?)\\.")]
    private static partial Regex MissingPattern();
}
