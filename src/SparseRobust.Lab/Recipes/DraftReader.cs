using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Recipes;

/// <summary>From texts by plain dotted paths, as <see cref="DraftNames"/> leaves them, to a recipe's JSON; the rules are those of <see cref="RecipeDraft"/>.</summary>
internal sealed class DraftReader(IReadOnlyDictionary<string, string?> texts)
{
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public JsonObject Read(CatalogObject root) => Object(root.Fields, "", []);

    private JsonObject Object(IReadOnlyList<CatalogField> fields, string prefix, JsonObject json)
    {
        foreach (var field in fields)
            if (field.IsRecord)
                AddRecord(json, field, prefix + field.Name);
            else if (Given(prefix + field.Name) is { } text)
                AddValue(json, field, prefix + field.Name, text);
        return json;
    }

    private void AddValue(JsonObject json, CatalogField field, string name, string text)
    {
        if (field.IsNullable && text.Trim() == DraftWords.Null)
            json[field.Name] = null;
        else if (FieldText.Parse(field, text, out var fault) is { } value)
            json[field.Name] = value;
        else
            _faults.Add(new Fault($"$.{name}", fault!));
    }

    private void AddRecord(JsonObject json, CatalogField field, string name)
    {
        var isGiven = AnyGiven(name + ".", field);
        bool? present = !field.IsNullable ? isGiven : IsNeeded(field.NeededBy, name) ? true : Present(name, isGiven);
        if (present == true)
            AddPresent(json, field, name);
        else if (present == false && field.IsNullable)
            json[field.Name] = null;
    }

    private bool IsNeeded(CatalogNeed? need, string name) =>
        need is not null && need.Kinds.Contains(Given($"{name[..(name.LastIndexOf('.') + 1)]}{need.Field}.{DraftWords.Kind}")?.Trim());

    // True or false as posted; null when nothing was said.
    private bool? Present(string name, bool isGiven)
    {
        var path = $"{name}.{DraftWords.Present}";
        if (Given(path) is { } text)
        {
            if (FieldText.Boolean(text) is { } present)
                return present;
            _faults.Add(new Fault($"$.{path}", $"\"{text}\" is not true or false."));
        }
        else if (isGiven)
        {
            _faults.Add(new Fault($"$.{path}", "is missing although fields beside it are filled in; give true, or false to leave them unused."));
        }
        return null;
    }

    private void AddPresent(JsonObject json, CatalogField field, string name)
    {
        if (field.Type == CatalogType.Object)
        {
            json[field.Name] = Object(field.Fields ?? [], name + ".", []);
            return;
        }
        var kind = Given($"{name}.{DraftWords.Kind}")?.Trim() ?? (string?)field.Default?[DraftWords.Kind];
        if (field.Variants?.FirstOrDefault(variant => variant.Kind == kind) is { } chosen)
            json[field.Name] = Object(chosen.Fields, name + ".", new JsonObject { [DraftWords.Kind] = kind });
        else
            _faults.Add(new Fault($"$.{name}.{DraftWords.Kind}", $"{(kind is null ? "is missing" : $"\"{kind}\" is unknown")}; choose one of {string.Join(", ", (field.Variants ?? []).Select(variant => variant.Kind))}."));
    }

    // Whether any field of the record has a text; that it is present is not one of them.
    private bool AnyGiven(string prefix, CatalogField field) =>
        texts.Any(text => text.Key.StartsWith(prefix, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text.Value) && !(field.IsNullable && text.Key == prefix + DraftWords.Present));

    private string? Given(string name) => texts.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
