using System.Text.Json;
using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Recipes;

/// <summary>A recipe as a form posts it: flat fields named by dotted paths, turned into the recipe's JSON as far as their texts can be read.</summary>
/// <remarks>
/// Names are those of the catalogue: "task.kind", "paradigm.fine_tuning.learning_rate", "paradigm.pruning.sparsity".
/// <list type="bullet">
/// <item>An empty or blank text leaves the field out, which means its default; a variant without a kind is of its default kind.</item>
/// <item>Numbers are read invariantly ("7e-4"); booleans are true, on or false in any case; choices are the words of the catalogue; the values of a list
/// are separated by commas. "null" is null where the field may be null.</item>
/// <item>An object that may be null has the field "present" beside its own ("paradigm.pruning_training.present"): true or false. It must be posted when
/// any field of the object has a text, so a form draws it, like every boolean, as a select or radio pair, for an unticked checkbox posts nothing. Where a chosen kind cannot do without the
/// object (<see cref="CatalogField.NeededBy"/>), it is there whatever this field says: false means "only if needed".</item>
/// <item>Fields of a kind that was not chosen are ignored when another kind has them; every other unknown name is a fault.</item>
/// <item>A form that shows several kinds of one axis at once tells their fields apart by the kind in brackets: "task[mnli-hans].train_rows",
/// "paradigm[after-fine-tuning].pruning[mask-training].sparsity". Such a field counts only if its kinds are the chosen ones, and then before the plain name.
/// Kinds themselves stand outside the brackets of their own axis: "task.kind", "paradigm[after-fine-tuning].pruning.kind".</item>
/// </list>
/// </remarks>
/// <param name="Json">What could be read; faulty fields are left out.</param>
/// <param name="Faults">Every field that could not, with the paths of <see cref="RecipeReader"/>: $.paradigm.pruning.sparsity.</param>
public sealed record RecipeDraft(JsonObject Json, IReadOnlyList<Fault> Faults)
{
    /// <summary>Reads the fields of a form. Never throws for what they say.</summary>
    public static RecipeDraft FromFields(IReadOnlyDictionary<string, string?> fields) => FromFields(fields, RecipeCatalog.Recipe);

    /// <summary>The fields of a form that shows this recipe: every value, defaults included; empty texts for nulls. <see cref="FromFields(IReadOnlyDictionary{string, string?})"/> turns them back.</summary>
    /// <exception cref="LabException">RecipeInvalid for a spec nested in itself, which a flat form cannot show.</exception>
    public static IReadOnlyDictionary<string, string?> ToFields(RunRecipe recipe) =>
        DraftWriter.Write(JsonSerializer.SerializeToNode(recipe, LabJson.Options)!.AsObject(), RecipeCatalog.Recipe);

    /// <summary>The recipe, well-formed and within <see cref="RecipeRules"/>.</summary>
    /// <exception cref="RecipeInvalidException">With the draft's faults and all that the reader finds in the rest.</exception>
    public RunRecipe Read()
    {
        try
        {
            var recipe = RecipeReader.Read(Json.ToJsonString());
            return Faults.Count == 0 ? recipe : throw new RecipeInvalidException(Faults);
        }
        catch (RecipeInvalidException e) when (Faults.Count > 0 && !ReferenceEquals(e.Faults, Faults))
        {
            var known = Faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
            throw new RecipeInvalidException([.. Faults, .. e.Faults.Where(fault => !known.Contains(fault.Path))]);
        }
    }

    internal static RecipeDraft FromFields(IReadOnlyDictionary<string, string?> fields, CatalogObject root)
    {
        var names = new DraftNames(fields, root);
        var reader = new DraftReader(names.Texts);
        var json = reader.Read(root);
        return new RecipeDraft(json, [.. names.Faults, .. reader.Faults]);
    }
}
