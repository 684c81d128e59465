namespace SparseRobust.Lab.Recipes;

/// <summary>Everything a recipe can say, read from the spec records themselves: properties, ranges, defaults, discriminator lists and documentation.</summary>
/// <remarks>Immutable and made once. The documentation is read from SparseRobust.Lab.xml in the program's folder; without that file the texts are empty
/// and all else is as ever.</remarks>
public static class RecipeCatalog
{
    private static readonly CatalogBuilder Builder = new();

    /// <summary>The recipe itself: <see cref="RunRecipe"/>.</summary>
    public static CatalogObject Recipe { get; } = Builder.Object(typeof(RunRecipe));

    /// <summary>The axes in the order in which a recipe names them: task, model, vocabulary, bias, paradigm, objective, pruning.</summary>
    public static IReadOnlyList<CatalogAxis> Axes { get; } = Builder.Axes;
}
