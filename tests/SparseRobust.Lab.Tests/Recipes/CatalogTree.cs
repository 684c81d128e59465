using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

/// <summary>The catalogue, walked.</summary>
internal static class CatalogTree
{
    /// <summary>Every field with its path; kinds are in brackets: $.paradigm[full-model].fine_tuning.</summary>
    public static IReadOnlyList<(string Path, CatalogField Field)> Fields { get; } = [.. Below("$", RecipeCatalog.Recipe.Fields)];

    /// <summary>Every kind with its path.</summary>
    public static IEnumerable<(string Path, CatalogVariant Variant)> Variants =>
        from entry in Fields from variant in entry.Field.Variants ?? [] select ($"{entry.Path}[{variant.Kind}]", variant);

    public static CatalogField Field(string path) => Fields.Single(entry => entry.Path == path).Field;

    private static IEnumerable<(string Path, CatalogField Field)> Below(string path, IReadOnlyList<CatalogField> fields)
    {
        foreach (var field in fields)
        {
            var here = $"{path}.{field.Name}";
            yield return (here, field);
            foreach (var inner in Below(here, field.Fields ?? []))
                yield return inner;
            foreach (var variant in field.Variants ?? [])
                foreach (var inner in Below($"{here}[{variant.Kind}]", variant.Fields))
                    yield return inner;
        }
    }
}
