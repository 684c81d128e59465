using SparseRobust.Lab.Recipes;

namespace SparseRobust.Web.Launch;

/// <summary>Finds the field of a form that a path of a recipe names, within the kinds that the form has chosen.</summary>
internal static class FormFields
{
    public static FormPlace? Find(NewRunForm form, string path)
    {
        var place = FormPlace.Root;
        var fields = RecipeCatalog.Recipe.Fields;
        FormPlace? found = null;
        foreach (var name in path.Split('.'))
        {
            if (name is "kind" or "present" && found is not null)
                return found.Below(name);
            if (fields.FirstOrDefault(field => field.Name == name) is not { } field)
                return found;
            found = place.Below(name);
            place = found;
            fields = field.Fields ?? [];
            if (field.Variants is { } variants)
            {
                var kind = KindOf(form, field, found);
                place = found.InKind(kind, true);
                fields = variants.FirstOrDefault(variant => variant.Kind == kind)?.Fields ?? [];
            }
        }
        return found;
    }

    /// <summary>The chosen kind, or that which a form would show as chosen.</summary>
    public static string KindOf(NewRunForm form, CatalogField field, FormPlace place) =>
        form.Text(place.Below("kind")) is { Length: > 0 } text ? text : CatalogText.Of(field.Default?["kind"]) ?? field.Variants![0].Kind;
}
