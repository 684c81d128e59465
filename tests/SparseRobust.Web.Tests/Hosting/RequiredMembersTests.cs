using System.Text.Json;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>What the OpenAPI document calls required, for every object in it.</summary>
[Collection(PostgresTests.Name)]
public sealed class RequiredMembersTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task No_member_that_may_be_null_is_required_as_nulls_are_left_out()
    {
        var document = await (await postgres.IdleServerAsync()).Client.JsonAsync("/openapi/v1.json");
        var objects = Objects(document, "#").ToList();
        Assert.True(objects.Count > 50, $"only {objects.Count} objects were found");
        Assert.Contains(objects, found => found.Path == "#/components/schemas/RunStatus");
        Assert.Empty(objects.SelectMany(found => found.Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!)
            .Where(name => found.Schema.TryGetProperty("properties", out var members) && members.TryGetProperty(name, out var member) && MayBeNull(document, member))
            .Select(name => $"{found.Path}: {name}")));
    }

    [PostgresFact]
    public async Task What_the_catalogue_leaves_out_is_not_required()
    {
        var client = (await postgres.IdleServerAsync()).Client;
        var check = new SchemaCheck(await client.JsonAsync("/openapi/v1.json"));
        var catalogue = await client.JsonAsync("/api/v1/catalog");
        Assert.Empty(check.Faults(check.At("#/paths/~1api~1v1~1catalog/get/responses/200/content/application~1json/schema"), catalogue));
        Assert.DoesNotContain(":null", catalogue.GetRawText(), StringComparison.Ordinal);
    }

    // Every schema that requires something, wherever it stands.
    private static IEnumerable<(string Path, JsonElement Schema)> Objects(JsonElement place, string path) => place.ValueKind switch
    {
        JsonValueKind.Object => place.EnumerateObject().SelectMany(member => Objects(member.Value, $"{path}/{member.Name}"))
            .Concat(place.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array ? [(path, place)] : []),
        JsonValueKind.Array => place.EnumerateArray().Index().SelectMany(item => Objects(item.Item, $"{path}/{item.Index}")),
        _ => [],
    };

    private static bool MayBeNull(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return MayBeNull(document, new SchemaCheck(document).At(reference.GetString()!));
        if (schema.TryGetProperty("type", out var type) && (type.ValueKind == JsonValueKind.String ? type.GetString() == "null" : type.EnumerateArray().Any(word => word.GetString() == "null")))
            return true;
        return new[] { "oneOf", "anyOf" }.Any(word => schema.TryGetProperty(word, out var choices) && choices.EnumerateArray().Any(choice => MayBeNull(document, choice)));
    }
}
