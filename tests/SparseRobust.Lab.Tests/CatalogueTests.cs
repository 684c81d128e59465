using System.Reflection;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests;

/// <summary>The discriminator lists are the catalogue: a kind that was written but not listed cannot be asked for.</summary>
public class CatalogueTests
{
    public static TheoryData<Type> Specs => [.. Bases];

    private static IEnumerable<Type> Bases => typeof(RunRecipe).Assembly.GetTypes().Where(type => type.IsAbstract && type.GetCustomAttribute<JsonPolymorphicAttribute>() is not null);

    [Fact]
    public void The_axes_of_a_recipe_are_among_them()
    {
        string[] names = [.. Bases.Select(type => type.Name)];
        foreach (var axis in new[] { "TaskSpec", "ModelSpec", "VocabularySpec", "BiasSpec", "ObjectiveSpec", "PruningSpec", "ParadigmSpec", "StageSpec", "RunEvent" })
            Assert.Contains(axis, names);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Every_kind_is_listed_once_under_a_name_of_its_own(Type spec)
    {
        var listed = spec.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToList();
        var written = spec.Assembly.GetTypes().Where(type => type.IsSubclassOf(spec) && !type.IsAbstract);
        Assert.Equal(written.OrderBy(type => type.FullName, StringComparer.Ordinal), listed.Select(kind => kind.DerivedType).OrderBy(type => type.FullName, StringComparer.Ordinal));
        Assert.Equal(listed.Count, listed.Select(kind => kind.TypeDiscriminator).Distinct().Count());
    }
}
