using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Runs;

/// <summary>The one JSON dialect of recipes, results and files: snake_case, enums as words, unknown members refused.</summary>
public static class LabJson
{
    /// <summary>Shared options; do not change.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>A fresh copy of the dialect, for those who add to it.</summary>
    public static JsonSerializerOptions Make() => new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutComputed } },
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads one of a stage's or a run's files.</summary>
    /// <exception cref="LabException"><see cref="ProblemCode.ArtifactCorrupt"/>: it is no JSON of this kind.</exception>
    internal static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options) ?? throw new LabException(ProblemCode.ArtifactCorrupt, $"{path} is null.");
        }
        catch (JsonException e)
        {
            throw new LabException(ProblemCode.ArtifactCorrupt, $"{path} cannot be read: {e.Message} Delete its folder to make the stage again.", e);
        }
    }

    /// <summary>Computed properties of our records are no data: they are neither written nor read.</summary>
    internal static void LeaveOutComputed(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.Type.Assembly != typeof(LabJson).Assembly)
            return;
        for (var i = info.Properties.Count - 1; i >= 0; i--)
            if (info.Properties[i].AttributeProvider is PropertyInfo { CanWrite: false })
                info.Properties.RemoveAt(i);
    }
}
