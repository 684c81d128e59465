using System.Text.Json;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>A run of an import, unpacked and checked: its name follows from its recipe, its stages are there and hold what they say, and its numbers are theirs.</summary>
/// <remarks>That a stage's hash follows from the recipe is not checked: it depends on the data, which need not be here.</remarks>
internal sealed partial record ImportedRun(string Id, string Folder, RunRecipe Recipe, RunResult Result, IReadOnlyList<RunEvent> Events)
{
    private const long LargestText = 64 << 20;

    private static readonly JsonSerializerOptions Strict = MakeStrict();

    /// <param name="archive">Where from.</param>
    /// <param name="asked">Which run; null when there is only one.</param>
    /// <param name="root">Where to unpack.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Hosting.Problem">ImportInvalid, naming the file.</exception>
    public static async Task<ImportedRun> ReadAsync(ImportArchive archive, string? asked, string root, CancellationToken cancellation)
    {
        var id = Chosen(archive.RunIds, asked);
        var unpacking = new Unpacking(archive, root, $"runs/{id}/result.json");
        foreach (var file in new[] { "recipe.json", "events.jsonl", "result.json" })
            await archive.ExtractAsync($"runs/{id}/{file}", root, cancellation);
        var recipe = RecipeOf(root, $"runs/{id}/recipe.json");
        var result = ResultOf(root, $"runs/{id}/result.json");
        RequireIdentity(id, recipe, result);
        var events = EventsOf(root, $"runs/{id}/events.jsonl");
        foreach (var stage in result.Stages)
            await ReadStageAsync(unpacking, stage, cancellation);
        return new ImportedRun(id, root, recipe, result, events);
    }

    private static string Chosen(IReadOnlyList<string> ids, string? asked) => (ids, asked) switch
    {
        ([var only], null) => only,
        (_, null) => throw ImportArchive.Invalid("runs/", $"has {ids.Count} finished runs; say which one to import with ?run=ID: {string.Join(", ", ids)}."),
        _ => ids.Contains(asked) ? asked : throw ImportArchive.Invalid($"runs/{asked}/result.json", $"is not in the archive. Its finished runs: {string.Join(", ", ids)}."),
    };

    private static RunRecipe RecipeOf(string root, string name)
    {
        try
        {
            return RecipeReader.Read(Text(root, name));
        }
        catch (RecipeInvalidException e)
        {
            throw ImportArchive.Invalid(name, $"is not a recipe that this server knows: {e.Message}");
        }
    }

    private static RunResult ResultOf(string root, string name)
    {
        var result = Parse<RunResult>(root, name);
        if (result.Stages is [] || result.Stages.Any(stage => stage is null || stage.Scores.Any(score => score is null)) || result.Datasets.Any(use => use is null))
            throw ImportArchive.Invalid(name, "has no stages, or holds a null where a stage, score or dataset is due.");
        return result;
    }

    private static void RequireIdentity(string id, RunRecipe recipe, RunResult result)
    {
        var hash = RecipeHash.Of(recipe);
        if (result.RecipeHash != hash)
            throw ImportArchive.Invalid($"runs/{id}/result.json", $"says recipe_hash \"{result.RecipeHash}\", but recipe.json has the hash {hash}: the recipe was changed after the run, or another version of the program made it.");
        if (result.RunId != id || id != $"{hash}-{result.Seed}")
            throw ImportArchive.Invalid($"runs/{id}/result.json", $"says run_id \"{result.RunId}\" with seed {result.Seed}, so it belongs into runs/{hash}-{result.Seed}.");
    }

    private static List<RunEvent> EventsOf(string root, string name)
    {
        try
        {
            List<RunEvent> events = [.. RunJournal.ReadAfter(Path.Combine(root, name), 0)];
            return events.Count > 0 ? events : throw ImportArchive.Invalid(name, "has no events.");
        }
        catch (LabException e)
        {
            throw ImportArchive.Invalid(name, $"is not a journal: {Inside(root, e)}");
        }
    }

    private static async Task ReadStageAsync(Unpacking unpacking, StageResult stage, CancellationToken cancellation)
    {
        if (!HashPattern().IsMatch(stage.Hash))
            throw ImportArchive.Invalid(unpacking.Result, $"names a stage \"{stage.Hash}\", which is not 12 hexadecimal digits.");
        var (archive, root, _) = unpacking;
        var folder = $"stages/{stage.Hash}";
        if (File.Exists(Path.Combine(root, folder, StageStore.StageFile)))
            return;
        await archive.ExtractAsync($"{folder}/{StageStore.StageFile}", root, cancellation);
        var manifest = Parse<StageManifest>(root, $"{folder}/{StageStore.StageFile}");
        if (manifest.Hash != stage.Hash || manifest.Stage != stage.Name)
            throw ImportArchive.Invalid($"{folder}/{StageStore.StageFile}", $"is of stage {manifest.Hash} \"{manifest.Stage}\", not of {stage.Hash} \"{stage.Name}\".");
        foreach (var (name, sha256) in manifest.Files)
            await ReadFileAsync(unpacking, (folder, name, sha256), cancellation);
        if (archive.Has($"{folder}/events.jsonl"))
            await archive.ExtractAsync($"{folder}/events.jsonl", root, cancellation);
        RequireNumbers(unpacking, stage, folder);
    }

    private static async Task ReadFileAsync(Unpacking unpacking, (string Folder, string Name, string Sha256) file, CancellationToken cancellation)
    {
        if (!FilePattern().IsMatch(file.Name))
            throw ImportArchive.Invalid($"{file.Folder}/{StageStore.StageFile}", $"names a file \"{file.Name}\", which is not a plain file name.");
        var found = await unpacking.Archive.ExtractAsync($"{file.Folder}/{file.Name}", unpacking.Root, cancellation);
        if (found != file.Sha256)
            throw ImportArchive.Invalid($"{file.Folder}/{file.Name}", $"has SHA-256 {found}, but stage.json says {file.Sha256}: it was changed or copied badly.");
    }

    /// <summary>The result repeats what its stages found; what it adds of its own would be made up.</summary>
    private static void RequireNumbers(Unpacking unpacking, StageResult stage, string folder)
    {
        var (_, root, result) = unpacking;
        var scores = Path.Combine(root, folder, "scores.json");
        if (!stage.Scores.SequenceEqual(File.Exists(scores) ? Parse<List<Score>>(root, $"{folder}/scores.json") : []))
            throw ImportArchive.Invalid(result, $"has other scores for stage {stage.Hash} than {folder}/scores.json.");
        var masks = Path.Combine(root, folder, MaskFile.Name);
        try
        {
            if (stage.Sparsity != (File.Exists(masks) ? MaskFile.Load(masks).EncoderSparsity : null))
                throw ImportArchive.Invalid(result, $"says stage {stage.Hash} has sparsity {stage.Sparsity}, which is not that of {folder}/{MaskFile.Name}.");
        }
        catch (LabException e)
        {
            throw ImportArchive.Invalid($"{folder}/{MaskFile.Name}", $"cannot be read: {Inside(root, e)}");
        }
    }

    private static T Parse<T>(string root, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Text(root, name), Strict) ?? throw ImportArchive.Invalid(name, "is null.");
        }
        catch (JsonException e)
        {
            throw ImportArchive.Invalid(name, $"cannot be read at {e.Path ?? "$"}, line {e.LineNumber + 1}: it is not what this version of the program writes.");
        }
    }

    // Where we unpacked it is nobody's business and gone by the time anyone looks.
    private static string Inside(string root, LabException fault) => fault.Message.Replace(root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private static string Text(string root, string name)
    {
        var path = Path.Combine(root, name);
        return new FileInfo(path).Length <= LargestText ? File.ReadAllText(path) : throw ImportArchive.Invalid(name, $"is larger than {LargestText >> 20} MiB.");
    }

    // The laboratory reads its own files; these come from anywhere.
    private static JsonSerializerOptions MakeStrict()
    {
        var options = LabJson.Make();
        options.RespectRequiredConstructorParameters = true;
        return options;
    }

    /// <param name="Archive">Where from.</param>
    /// <param name="Root">Where to.</param>
    /// <param name="Result">The result in it that everything is checked against.</param>
    private sealed record Unpacking(ImportArchive Archive, string Root, string Result);

    [GeneratedRegex(@"^[0-9a-f]{12}\z")]
    private static partial Regex HashPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex FilePattern();
}
