using System.Text.Json;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Runs;

/// <summary>An event as one line of JSON: snake_case names, the kind under "event", not-a-number and infinities as strings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class RunEventJson : JsonSerializerContext
{
    /// <summary>The event's line, without its end.</summary>
    public static byte[] Write(RunEvent runEvent) => JsonSerializer.SerializeToUtf8Bytes(runEvent, Default.RunEvent);

    /// <summary>The event of a line; null if the line is "null".</summary>
    /// <exception cref="JsonException">The line is not an event.</exception>
    public static RunEvent? Read(ReadOnlySpan<byte> line) => JsonSerializer.Deserialize(line, Default.RunEvent);
}
