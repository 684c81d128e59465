using System.Text.Json.Serialization;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

/// <summary>What the builder does with records that today's recipes do not have.</summary>
public class CatalogBuilderTests
{
    [Fact]
    public void A_record_inside_itself_is_unfolded_once()
    {
        var next = Assert.Single(new CatalogBuilder().Object(typeof(Chain)).Fields, field => field.Name == "next");
        Assert.Equal(CatalogType.Object, next.Type);
        Assert.Null(next.Fields);
    }

    [Fact]
    public void A_spec_inside_itself_is_unfolded_once_and_is_one_axis()
    {
        var builder = new CatalogBuilder();
        var outer = Assert.Single(builder.Object(typeof(Holder)).Fields);
        var inner = Assert.Single(outer.Variants!.Single(variant => variant.Kind == "rounds").Fields);
        Assert.Equal("wrapped", inner.Name);
        Assert.Null(inner.Variants);
        Assert.Equal("method", Assert.Single(builder.Axes).Name);
    }

    [Fact]
    public void A_list_says_what_its_values_are()
    {
        var list = Assert.Single(new CatalogBuilder().Object(typeof(Lists)).Fields);
        Assert.Equal((CatalogType.List, CatalogType.Integer), (list.Type, list.Items!.Type));
        Assert.Equal("[1,2]", list.Default!.ToJsonString());
    }

    [Theory]
    [InlineData(typeof(ListOfRecords))]
    [InlineData(typeof(Dated))]
    public void What_no_form_can_hold_is_refused(Type type) => Assert.Throws<NotSupportedException>(() => new CatalogBuilder().Object(type));

    public sealed record Chain
    {
        public int Length { get; init; } = 1;

        public Chain? Next { get; init; }
    }

    public sealed record Holder
    {
        public Method Method { get; init; } = new Plain();
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Plain), "plain")]
    [JsonDerivedType(typeof(Rounds), "rounds")]
    public abstract record Method;

    public sealed record Plain : Method;

    public sealed record Rounds : Method
    {
        public required Method Wrapped { get; init; }
    }

    public sealed record Lists
    {
        public IReadOnlyList<int> Layers { get; init; } = [1, 2];
    }

    public sealed record ListOfRecords
    {
        public IReadOnlyList<Lists> Records { get; init; } = [];
    }

    public sealed record Dated
    {
        public DateTimeOffset Day { get; init; }
    }
}
