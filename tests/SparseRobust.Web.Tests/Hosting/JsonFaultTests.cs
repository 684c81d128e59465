using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>The texts come from the serializer: were they to change, these say so.</summary>
public sealed class JsonFaultTests
{
    private static Fault FaultOf<T>(string json)
    {
        var options = new JsonSerializerOptions();
        ApiJson.Configure(options);
        return JsonFault.Of(Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<T>(json, options)));
    }

    [Fact]
    public void An_unknown_field_is_named() => Assert.Equal(new Fault("$.foo", "is not a field here; /openapi/v1.json has those that are."), FaultOf<PredictRequest>("""{"inputs": "a", "foo": 1}"""));

    [Fact]
    public void A_value_of_another_type_is_named() => Assert.Equal(new Fault("$.truncate", "has a value of another type than due; /openapi/v1.json says which."), FaultOf<PredictRequest>("""{"truncate": "yes"}"""));

    [Fact]
    public void A_missing_field_is_named() => Assert.Equal(new Fault("$", "lacks \"model\"."), FaultOf<PointAlias>("{}"));

    [Fact]
    public void Broken_json_is_told_without_our_class_names()
    {
        var fault = FaultOf<PredictRequest>("""{"inputs": """);
        Assert.StartsWith("is no valid JSON: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SparseRobust", fault.Message, StringComparison.Ordinal);
    }
}
