using System.Text.Json;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Hosting;

/// <summary>JSON of the REST interface: the laboratory's dialect, on one line, nulls left out, unknown members refused.</summary>
internal static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        var lab = LabJson.Make();
        options.TypeInfoResolver = lab.TypeInfoResolver;
        options.PropertyNamingPolicy = lab.PropertyNamingPolicy;
        options.UnmappedMemberHandling = lab.UnmappedMemberHandling;
        options.AllowOutOfOrderMetadataProperties = lab.AllowOutOfOrderMetadataProperties;
        options.RespectNullableAnnotations = lab.RespectNullableAnnotations;
        options.NumberHandling = lab.NumberHandling;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        foreach (var converter in lab.Converters)
            options.Converters.Add(converter);
    }
}
