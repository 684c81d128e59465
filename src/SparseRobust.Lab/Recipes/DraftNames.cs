using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Recipes;

/// <summary>Checks the names of a form's fields against the catalogue and brings them to plain dotted paths; the rules are those of <see cref="RecipeDraft"/>.</summary>
internal sealed partial class DraftNames
{
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);
    private readonly List<Fault> _faults = [];

    public DraftNames(IReadOnlyDictionary<string, string?> texts, CatalogObject root)
    {
        // Kinds come before the fields beside and below them, and qualified names after the plain ones they override.
        var ordered = texts
            .Select(text => (Name: text.Key, Parts: text.Key.Split('.'), Text: text.Value))
            .OrderBy(field => field.Parts.Length)
            .ThenBy(field => field.Name.Contains('['))
            .ThenByDescending(field => field.Parts[^1] == DraftWords.Kind);
        foreach (var (name, parts, text) in ordered)
            if (IsWanted(name, parts, root.Fields))
                _texts[Qualifier().Replace(name, "")] = text;
    }

    /// <summary>The texts by plain dotted paths, those of unchosen qualified kinds left out.</summary>
    public IReadOnlyDictionary<string, string?> Texts => _texts;

    public List<Fault> Faults => _faults;

    // Follows the path through objects and, where no kind is named, through all kinds of a variant, chosen or not.
    private bool IsWanted(string name, string[] parts, IReadOnlyList<CatalogField> fields)
    {
        var place = new Place([], fields);
        var path = new List<string>();
        var wanted = true;
        foreach (var part in parts[..^1])
        {
            var match = Part().Match(part);
            var kind = match.Groups["kind"].Success ? match.Groups["kind"].Value : null;
            path.Add(match.Groups["name"].Value);
            var found = place.Fields.Where(field => field.Name == path[^1]).ToList();
            if (found.Count == 0)
                return Unknown(name, place);
            wanted &= kind is null || kind == Chosen(string.Join('.', path), found);
            place = Inside(found, kind);
        }
        return IsValue(name, parts[^1], place) && wanted;
    }

    private bool IsValue(string name, string last, Place place)
    {
        if (place.Words.Contains(last) || place.Fields.Any(field => !field.IsRecord && field.Name == last))
            return true;
        if (!place.Fields.Any(field => field.IsRecord && field.Name == Qualifier().Replace(last, "")))
            return Unknown(name, place);
        _faults.Add(new Fault($"$.{name}", "is a record, not a value; give its fields."));
        return false;
    }

    private bool Unknown(string name, Place place)
    {
        var known = place.Words.Concat(place.Fields.Select(field => field.Name)).Distinct().ToList();
        _faults.Add(new Fault($"$.{name}", known.Count == 0 ? "is not a field of a recipe." : $"is not a field here. Fields: {string.Join(", ", known)}."));
        return false;
    }

    private string? Chosen(string path, List<CatalogField> found)
    {
        var kind = _texts.GetValueOrDefault($"{path}.{DraftWords.Kind}")?.Trim();
        return string.IsNullOrEmpty(kind) ? found.Select(field => (string?)field.Default?[DraftWords.Kind]).FirstOrDefault() : kind;
    }

    private static IEnumerable<string> Words(CatalogField field)
    {
        if (field.Type == CatalogType.Variant)
            yield return DraftWords.Kind;
        if (field.IsRecord && field.IsNullable)
            yield return DraftWords.Present;
    }

    private static Place Inside(List<CatalogField> found, string? kind) => kind is null
        ? new Place([.. found.SelectMany(Words).Distinct()], [.. found.SelectMany(field => (field.Fields ?? []).Concat((field.Variants ?? []).SelectMany(variant => variant.Fields)))])
        : new Place([], [.. found.SelectMany(field => field.Variants ?? []).Where(variant => variant.Kind == kind).SelectMany(variant => variant.Fields)]);

    /// <summary>Where a path has led: what may stand there.</summary>
    private sealed record Place(IReadOnlyList<string> Words, IReadOnlyList<CatalogField> Fields);

    [GeneratedRegex(@"^(?<name>.*?)(\[(?<kind>[^\[\]]*)\])?$", RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex(@"\[[^\[\]]*\]")]
    private static partial Regex Qualifier();
}
