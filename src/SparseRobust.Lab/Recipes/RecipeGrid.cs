using System.Globalization;
using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Recipes;

/// <summary>The recipes of a sweep: one recipe, and for each axis the values it takes.</summary>
public static class RecipeGrid
{
    /// <summary>Most cells a grid may have.</summary>
    public const int MaxCells = 10_000;

    private const int CellsNamed = 5;

    /// <summary>The cartesian product, the last axis running fastest; cells whose recipes have equal hashes are one.</summary>
    /// <param name="recipe">JSON of a recipe; what the axes set may be missing. It is not changed.</param>
    /// <param name="grid">Values by dotted path: "paradigm.pruning.sparsity" or, for whole specs, "paradigm.fine_tuning.objective". An axis replaces what the
    /// recipe says there; an inner path ("model.hidden_size") is set after an outer one ("model"). No axis at all gives the recipe alone.</param>
    /// <exception cref="RecipeInvalidException">With every fault of every cell; a fault that not all cells have names the values of those that do.</exception>
    public static IReadOnlyList<GridCell> Expand(JsonObject recipe, IReadOnlyDictionary<string, JsonArray> grid)
    {
        CheckSize(grid);
        // Read anew, because a duplicate property would otherwise be noticed only where it is touched.
        var frame = RecipeReader.Parse(recipe.ToJsonString()).AsObject();
        var cells = Product(grid);
        var faults = new List<(Fault Fault, IReadOnlyDictionary<string, JsonNode?> Cell)>();
        var expanded = new Dictionary<string, GridCell>(StringComparer.Ordinal);
        foreach (var values in cells)
            try
            {
                var read = RecipeReader.Read(With(frame, values).ToJsonString());
                expanded.TryAdd(RecipeHash.Of(read), new GridCell(values, read));
            }
            catch (RecipeInvalidException e)
            {
                faults.AddRange(e.Faults.Select(fault => (fault, values)));
            }
        return faults.Count == 0 ? [.. expanded.Values] : throw new RecipeInvalidException(Merged(faults, cells.Count));
    }

    private static void CheckSize(IReadOnlyDictionary<string, JsonArray> grid)
    {
        var faults = grid.Where(axis => axis.Value.Count == 0).Select(axis => new Fault($"$.{axis.Key}", "has no values; give at least one, or leave the axis out.")).ToList();
        var cells = grid.Aggregate(1.0, (product, axis) => product * axis.Value.Count);
        if (cells > MaxCells)
            faults.Add(new Fault("$", string.Create(CultureInfo.InvariantCulture, $"is a grid of {cells:0} cells; at most {MaxCells} are allowed. Give fewer values, or make several grids.")));
        if (faults.Count > 0)
            throw new RecipeInvalidException(faults);
    }

    private static IReadOnlyList<IReadOnlyDictionary<string, JsonNode?>> Product(IReadOnlyDictionary<string, JsonArray> grid)
    {
        IEnumerable<Dictionary<string, JsonNode?>> cells = [[]];
        foreach (var (path, values) in grid)
            cells = cells.SelectMany(cell => values.Select(value => new Dictionary<string, JsonNode?>(cell) { [path] = value?.DeepClone() }));
        return [.. cells];
    }

    private static JsonObject With(JsonObject frame, IReadOnlyDictionary<string, JsonNode?> values)
    {
        var root = frame.DeepClone().AsObject();
        foreach (var (path, value) in values.OrderBy(value => value.Key.Count(letter => letter == '.')))
            Set(root, path, value?.DeepClone());
        return root;
    }

    // A record that the recipe leaves out is made on the way: an axis of its default kind, if it has one.
    private static void Set(JsonObject root, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var here = root;
        var fields = RecipeCatalog.Recipe.Fields;
        foreach (var name in names[..^1])
        {
            var field = fields.FirstOrDefault(candidate => candidate.Name == name);
            if (here[name] is not (null or JsonObject))
                throw new RecipeInvalidException([new Fault($"$.{path}", $"cannot be set: {name} is {here[name]!.ToJsonString()}, not a record.")]);
            if (here[name] is null)
                here[name] = field?.Default?[DraftWords.Kind] is { } kind ? new JsonObject { [DraftWords.Kind] = kind.DeepClone() } : new JsonObject();
            here = here[name]!.AsObject();
            fields = field?.Fields ?? field?.Variants?.FirstOrDefault(variant => variant.Kind == KindOf(here))?.Fields ?? [];
        }
        here[names[^1]] = value;
    }

    private static string? KindOf(JsonObject record) => record[DraftWords.Kind] is JsonValue value && value.TryGetValue<string>(out var kind) ? kind : null;

    private static IReadOnlyList<Fault> Merged(List<(Fault Fault, IReadOnlyDictionary<string, JsonNode?> Cell)> faults, int cells) =>
        [.. faults.GroupBy(entry => entry.Fault, entry => entry.Cell).Select(group => group.Key with { Message = group.Key.Message + Where([.. group], cells) })];

    private static string Where(IReadOnlyList<IReadOnlyDictionary<string, JsonNode?>> faulty, int cells)
    {
        if (faulty[0].Count == 0)
            return "";
        if (cells > 1 && faulty.Count == cells)
            return " (in every cell of the grid)";
        var named = faulty.Take(CellsNamed).Select(cell => string.Join(", ", cell.Select(value => $"{value.Key} = {value.Value?.ToJsonString() ?? "null"}")));
        var rest = faulty.Count > CellsNamed ? $"; and in {faulty.Count - CellsNamed} more cells" : "";
        return $" (where {string.Join("; ", named)}{rest})";
    }
}
