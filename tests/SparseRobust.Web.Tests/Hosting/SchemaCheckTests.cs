using System.Text.Json;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class SchemaCheckTests
{
    private const string Document = """{"parts":{"name":{"type":"string","minLength":2}}}""";

    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"", 0)]
    [InlineData("""{"type":"string"}""", "1", 1)]
    [InlineData("""{"type":["string","null"]}""", "null", 0)]
    [InlineData("""{"$ref":"#/parts/name"}""", "\"a\"", 1)]
    [InlineData("""{"oneOf":[{"type":"string"},{"minLength":2}]}""", "\"ab\"", 1)]
    [InlineData("""{"oneOf":[{"type":"string"},{"minLength":2}]}""", "\"a\"", 0)]
    [InlineData("""{"items":{"type":"integer"},"minItems":2,"maxItems":2}""", "[1,2.5]", 1)]
    [InlineData("""{"items":{"type":"integer"},"minItems":2,"maxItems":2}""", "[1]", 1)]
    [InlineData("""{"items":{"type":"integer"},"minItems":2,"maxItems":2}""", "[1,2,3]", 1)]
    [InlineData("""{"required":["a"],"properties":{"a":{"enum":["x"]}},"additionalProperties":false}""", """{"a":"y","b":1}""", 2)]
    [InlineData("""{"required":["a"]}""", "{}", 1)]
    public void A_value_fits_or_what_is_wrong_with_it_is_told(string schema, string value, int faults) =>
        Assert.Equal(faults, new SchemaCheck(JsonElement.Parse(Document)).Faults(JsonElement.Parse(schema), JsonElement.Parse(value)).Count);

    [Fact]
    public void A_keyword_that_is_not_checked_is_not_passed_over() =>
        Assert.Throws<NotSupportedException>(() => new SchemaCheck(JsonElement.Parse(Document)).Faults(JsonElement.Parse("""{"uniqueItems":true}"""), JsonElement.Parse("[]")));
}
