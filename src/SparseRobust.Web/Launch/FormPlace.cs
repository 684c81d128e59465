using System.Text.RegularExpressions;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Web.Launch;

/// <summary>Where a field stands in the form of a new run.</summary>
/// <param name="Path">Dotted, as in a recipe and in its faults: paradigm.pruning.sparsity.</param>
/// <param name="Name">As the form posts it: the kinds it lies in are in brackets, so that all kinds of an axis can be shown at once (RecipeDraft).</param>
/// <param name="IsChosen">Whether it lies in the chosen kinds only, and so counts.</param>
public sealed partial record FormPlace(string Path, string Name, bool IsChosen)
{
    public static FormPlace Root { get; } = new("", "", true);

    /// <summary>For id and for attributes; unique, as the name is.</summary>
    public string Id => "f-" + NotLetters().Replace(Name, "-");

    public FormPlace Below(string member) => this with { Path = Path.Length == 0 ? member : $"{Path}.{member}", Name = Name.Length == 0 ? member : $"{Name}.{member}" };

    public FormPlace Beside(string member) => this with { Path = Sibling(Path, member), Name = Sibling(Name, member) };

    public FormPlace InKind(string kind, bool isChosen) => this with { Name = $"{Name}[{kind}]", IsChosen = IsChosen && isChosen };

    /// <summary>The dotted paths of all single values that a recipe can hold, of every kind: what a sweep can vary.</summary>
    public static IReadOnlyList<string> Scalars { get; } = [.. Paths("", RecipeCatalog.Recipe.Fields).Distinct()];

    private static string Sibling(string name, string member) => name[..(name.LastIndexOf('.') + 1)] + member;

    private static IEnumerable<string> Paths(string prefix, IReadOnlyList<CatalogField> fields) => fields.SelectMany(field => field.Type switch
    {
        CatalogType.Object => Paths($"{prefix}{field.Name}.", field.Fields ?? []),
        CatalogType.Variant => (field.Variants ?? []).SelectMany(variant => Paths($"{prefix}{field.Name}.", variant.Fields)).Prepend($"{prefix}{field.Name}.kind"),
        _ => [prefix + field.Name],
    });

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NotLetters();
}
