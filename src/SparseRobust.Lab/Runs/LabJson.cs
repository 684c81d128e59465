using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SparseRobust.Lab.Runs;

/// <summary>The one JSON dialect of recipes, results and files: snake_case, enums as words, unknown members refused.</summary>
public static class LabJson
{
    /// <summary>Shared options; do not change.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>A fresh copy of the dialect, for those who add to it.</summary>
    public static JsonSerializerOptions Make() => new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
