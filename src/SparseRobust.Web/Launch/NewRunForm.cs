using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Launch;

/// <summary>The form of a new run: its texts as typed, and the only place where they become types.</summary>
public sealed record NewRunForm
{
    public const int Axes = 3;

    private static readonly string[] Labels = ["recipe_json", "seeds", "name", "tags", "notes", "priority", "rerun", "action"];

    /// <summary>The recipe's fields by the names of the form (FormPlace) or by plain dotted paths.</summary>
    public required IReadOnlyDictionary<string, string?> Fields { get; init; }

    public string Json { get; init; } = "";

    public string Seeds { get; init; } = "1";

    public string Name { get; init; } = "";

    public string Tags { get; init; } = "";

    public string Notes { get; init; } = "";

    public string Priority { get; init; } = "";

    public bool Rerun { get; init; }

    /// <summary>What a sweep varies: a dotted path and the text of its values, both blank where nothing is varied.</summary>
    public IReadOnlyList<(string Path, string Values)> Sweep { get; init; } = [.. Enumerable.Repeat(("", ""), Axes)];

    /// <summary>A form that shows a recipe.</summary>
    public static NewRunForm Of(RunRecipe recipe) => new()
    {
        Fields = RecipeDraft.ToFields(recipe),
        Json = RecipeHash.CanonicalJson(recipe),
    };

    /// <summary>A form as it was posted.</summary>
    public static NewRunForm Posted(IEnumerable<KeyValuePair<string, StringValues>> posted)
    {
        var texts = posted.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        string Text(string name) => texts.GetValueOrDefault(name, "").Trim();
        return new NewRunForm
        {
            Fields = texts.Where(text => IsOfRecipe(text.Key)).ToDictionary(text => text.Key, text => (string?)text.Value, StringComparer.Ordinal),
            Json = texts.GetValueOrDefault("recipe_json", ""),
            Seeds = Text("seeds"),
            Name = Text("name"),
            Tags = Text("tags"),
            Notes = Text("notes"),
            Priority = Text("priority"),
            Rerun = Text("rerun") == "true",
            Sweep = [.. Enumerable.Range(1, Axes).Select(axis => (Text($"axis_{axis}_path"), Text($"axis_{axis}_values")))],
        };
    }

    /// <summary>The text of a field; null where the form says nothing of it.</summary>
    public string? Text(FormPlace place) => Fields.GetValueOrDefault(place.Name) ?? (place.IsChosen ? Fields.GetValueOrDefault(place.Path) : null);

    /// <summary>What was asked for.</summary>
    /// <param name="fromJson">Whether the JSON counts rather than the fields.</param>
    /// <exception cref="RecipeInvalidException">With every fault of the recipe, the seeds, the labels and the sweep.</exception>
    public NewRunRequest Read(bool fromJson)
    {
        var faults = new List<Fault>();
        var grid = new Dictionary<string, JsonArray>(StringComparer.Ordinal);
        foreach (var (axis, index) in Sweep.Select((axis, index) => (axis, index + 1)))
            AddAxis(grid, axis, index, faults);
        var recipe = Recipe(fromJson, faults);
        // Half-read fields are still checked for all their faults; half-read JSON or half a grid would only give misleading ones.
        var cells = faults.Count > 0 && (fromJson || grid.Count > 0) ? null : Gather(faults, () => Expand(recipe, grid, fromJson));
        var seeds = Gather(faults, () => SeedList.Parse(Seeds));
        seeds = seeds is [] ? [1] : seeds;
        RequireFew(seeds, cells, faults);
        var tags = ReadLabels(faults);
        var priority = ReadPriority(faults);
        if (faults.Count > 0)
            throw new RecipeInvalidException(faults);
        return new NewRunRequest(recipe, grid, cells!, seeds!) { Name = Blank(Name), Tags = tags, Notes = Blank(Notes), Priority = priority, Rerun = Rerun };
    }

    // Gives the tags; each label is checked by itself, so that all their faults are told.
    private List<string> ReadLabels(List<Fault> faults)
    {
        List<string> tags = [.. Tags.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        Gather(faults, () => { LaunchReader.RequireLabels(Name, null, null); return 0; });
        Gather(faults, () => { LaunchReader.RequireLabels(null, tags, null); return 0; });
        Gather(faults, () => { LaunchReader.RequireLabels(null, null, Notes); return 0; });
        return tags;
    }

    private int ReadPriority(List<Fault> faults)
    {
        var priority = 0;
        if (Priority.Length > 0 && (!int.TryParse(Priority, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority) || priority is < -100 or > 100))
            faults.Add(new Fault("$.priority", $"\"{Priority}\" is not a whole number from -100 to 100."));
        return priority;
    }

    private static void RequireFew(IReadOnlyList<long>? seeds, IReadOnlyList<GridCell>? cells, List<Fault> faults)
    {
        if (seeds is not null && cells is not null && (long)seeds.Count * cells.Count > LaunchReader.MostRuns)
            faults.Add(new Fault("$.seeds", string.Create(CultureInfo.InvariantCulture, $"{(long)seeds.Count * cells.Count:N0} runs are more than {LaunchReader.MostRuns:N0} at once. Give fewer seeds or values.")));
    }

    private JsonObject Recipe(bool fromJson, List<Fault> faults)
    {
        if (!fromJson)
        {
            var draft = RecipeDraft.FromFields(Fields);
            faults.AddRange(draft.Faults);
            return draft.Json;
        }
        try
        {
            if (JsonNode.Parse(Json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject recipe)
                return recipe;
            faults.Add(new Fault("$", "is not an object; a recipe is a JSON object."));
        }
        catch (JsonException e)
        {
            faults.Add(new Fault("$", $"is not valid JSON: {e.Message}"));
        }
        return [];
    }

    // Texts that could not be read are faults already; what is left of the recipe is checked all the same, but not told twice.
    private IReadOnlyList<GridCell> Expand(JsonObject recipe, Dictionary<string, JsonArray> grid, bool fromJson)
    {
        if (fromJson || grid.Count > 0)
            return RecipeGrid.Expand(recipe, grid);
        return [new GridCell(new Dictionary<string, JsonNode?>(), RecipeDraft.FromFields(Fields).Read())];
    }

    private static void AddAxis(Dictionary<string, JsonArray> grid, (string Path, string Values) axis, int index, List<Fault> faults)
    {
        if (axis is { Path.Length: 0, Values.Length: 0 })
            return;
        if (axis.Path.Length == 0)
            faults.Add(new Fault($"$.axis_{index}_path", "is missing; choose the field that takes these values."));
        else if (AxisValues.Parse(axis.Values) is not { Count: > 0 } values)
            faults.Add(new Fault($"$.axis_{index}_values", "has no values; separate them by commas, such as 0.5, 0.7."));
        else if (!grid.TryAdd(axis.Path, values))
            faults.Add(new Fault($"$.axis_{index}_path", $"{axis.Path} is varied twice; give all its values in one line."));
    }

    private static T? Gather<T>(List<Fault> faults, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RecipeInvalidException e)
        {
            var known = faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
            faults.AddRange(e.Faults.Where(fault => !known.Contains(fault.Path)));
        }
        catch (Problem e)
        {
            faults.AddRange(e.Faults);
        }
        return default;
    }

    // ASP.NET's own fields (antiforgery token, handler) begin with an underscore.
    private static bool IsOfRecipe(string name) => !name.StartsWith('_') && !name.StartsWith("axis_", StringComparison.Ordinal) && !Labels.Contains(name);

    private static string? Blank(string text) => text.Length == 0 ? null : text;
}

/// <summary>What a form asks for: valid.</summary>
/// <param name="Recipe">As written; a sweep varies it.</param>
/// <param name="Grid">What is varied; empty for plain runs.</param>
/// <param name="Cells">The recipes; one when nothing is varied.</param>
/// <param name="Seeds">At least one.</param>
public sealed record NewRunRequest(JsonObject Recipe, IReadOnlyDictionary<string, JsonArray> Grid, IReadOnlyList<GridCell> Cells, IReadOnlyList<long> Seeds)
{
    public string? Name { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Notes { get; init; }

    public int Priority { get; init; }

    public bool Rerun { get; init; }
}
