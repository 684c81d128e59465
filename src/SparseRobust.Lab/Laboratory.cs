using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab;

/// <summary>Where and how a laboratory works; nothing here changes a result.</summary>
/// <param name="Root">Folder of runs/, stages/ and cache/.</param>
/// <param name="Data">Folders of datasets.</param>
public sealed record LaboratoryOptions(string Root, DatasetFolders Data)
{
    /// <summary>How often trainings report and save.</summary>
    public TrainingCadence Cadence { get; init; } = new();

    /// <summary>cpu, or cuda:N.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Folder of pre-trained models, searched before models/ beside the program and before the data folders. Null (default): models/ in the root.</summary>
    public string? Models { get; init; }

    internal ModelSearch ModelSearch =>
        new([.. new[] { Models ?? Path.Combine(Root, "models"), Path.Combine(AppContext.BaseDirectory, "models") }.Select(Path.GetFullPath).Concat(Data.Folders).Distinct(StringComparer.Ordinal)]);
}

/// <summary>The front door: turns a recipe and a seed into stages, skips those whose output is there, runs the rest, and resumes what was cut short.</summary>
/// <remarks>Computes on the caller's thread; one run at a time per process, whose random generator it seeds. Several processes may share a root: a run and a stage are locked while worked on.
/// Data that was read from files is kept as tokens in cache/, which may be deleted at any time (ADR 0011).</remarks>
public sealed class Laboratory(LaboratoryOptions options, TimeProvider time) : IDisposable
{
    private (Setup Setup, string Files, Materials Materials)? _materials;

    /// <summary>The stages a recipe would run for a seed, with their hashes and whether their output is there. Reads the data; writes at most its tokens into the cache.</summary>
    public IReadOnlyList<(string Name, string Hash, bool IsComplete)> Plan(RunRecipe recipe, long seed, CancellationToken cancellation)
    {
        RequireValid(recipe);
        return Plan(recipe, seed, MaterialsFor(recipe.Setup, cancellation).Identity);
    }

    /// <summary>As the other, with what <see cref="Identify"/> found; reads no data, so a grid of thousands is planned in seconds. Thread-safe.</summary>
    /// <exception cref="RecipeInvalidException">The recipe asks for more updates than its rows give.</exception>
    public IReadOnlyList<(string Name, string Hash, bool IsComplete)> Plan(RunRecipe recipe, long seed, DataIdentity data)
    {
        RequireLongEnough(recipe, data);
        var store = new StageStore(options.Root);
        return [.. recipe.Paradigm.Stages(recipe).Select(stage => (stage.Name, RecipeHash.Of(stage, seed, data.Sha256s, data.BiasSourceSha256)))
            .Select(stage => (stage.Name, stage.Item2, store.IsComplete(stage.Item2)))];
    }

    /// <summary>Reads and tokenises a setup's data and says what plans need to know of it; one answer serves every recipe with the same data, vocabulary and length.</summary>
    /// <exception cref="RecipeInvalidException">The pre-trained model does not fit the rest.</exception>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid, TokenizerInvalid, InputTooLong, ArtifactMissing, ArtifactCorrupt; StorageFull, FileInaccessible when the cache cannot be written.</exception>
    public DataIdentity Identify(Setup setup, CancellationToken cancellation) => MaterialsFor(setup, cancellation).Identity;

    /// <summary>Fits a recipe's bias model and scores it on the training, dev and out-of-distribution sets; trains no network and writes nothing.</summary>
    /// <remarks>Fits it whether or not the recipe's objectives use it. The numbers are those of the run's fit-bias stage.</remarks>
    /// <exception cref="RecipeInvalidException">With every fault.</exception>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid, ArtifactCorrupt, TrainingDiverged.</exception>
    public BiasReport ScoreBias(RunRecipe recipe, CancellationToken cancellation)
    {
        RequireValid(recipe);
        if (recipe.Task is not LabelledTask task)
            throw new RecipeInvalidException([new Fault("$.task", "has no labelled rows, so there is no bias model to fit.")]);
        var data = task.Load(options.Data, cancellation);
        var source = recipe.Bias.SourcePath is { } path ? BiasSource.Find(options.Data, path) : null;
        var inputs = BiasInputs.Of(data, source) with { Model = InitialModel.Of(recipe.Setup, options.ModelSearch).Pretrained };
        return BiasReport.Of(recipe.Bias.Build(inputs, cancellation), data, cancellation);
    }

    /// <summary>Runs a recipe, or goes on with it; a finished run is answered from its result file.</summary>
    /// <exception cref="RecipeInvalidException">With every fault; nothing was written.</exception>
    /// <exception cref="LabException">Any other failure; the run's journal says so too.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a training under way has written a checkpoint, from which the same call goes on.</exception>
    public RunResult Run(RunRecipe recipe, long seed, IRunObserver observer, CancellationToken cancellation)
    {
        RequireValid(recipe);
        Engine.RequireDevice(options.Device);
        var materials = MaterialsFor(recipe.Setup, cancellation);
        RequireLongEnough(recipe, materials.Identity);
        return Explained(() =>
        {
            using var directory = RunDirectory.Open(options.Root, $"{RecipeHash.Of(recipe)}-{seed}");
            DurableFile.Write(directory.RecipePath, RecipeHash.CanonicalJson(recipe));
            using var journal = RunJournal.Open(directory.JournalPath, time, observer);
            var runner = new StageRunner(directory, journal, materials, seed, options.Cadence, options.Device, cancellation);
            return Journalled(journal, () => runner.Execute(recipe));
        });
    }

    /// <summary>Lets go of the data that was read last, and of its files. Must not overlap with the other calls; one that comes later reads the data again.</summary>
    public void Dispose()
    {
        _materials?.Materials.Dispose();
        _materials = null;
    }

    private static void RequireValid(RunRecipe recipe) => RequireNone(RecipeRules.Faults(recipe));

    private static void RequireNone(IReadOnlyList<Fault> faults)
    {
        if (faults.Count > 0)
            throw new RecipeInvalidException(faults);
    }

    // How many updates a training has depends on its rows.
    private static void RequireLongEnough(RunRecipe recipe, DataIdentity data) => RequireNone([.. recipe.Paradigm.Faults(data.TrainingRows)]);

    private Materials MaterialsFor(Setup setup, CancellationToken cancellation)
    {
        // Another file may have taken the place of the one that was read: a server is sent new ones while its workers live.
        var files = DatasetCatalog.Stamp(options.Data) + (setup.Model is PretrainedSpec model ? '\n' + options.ModelSearch.Stamp(model.Name) : "");
        if (_materials is { } cached && cached.Setup == setup && cached.Files == files)
            return cached.Materials;
        Dispose();
        var materials = Explained(() => Materials.Load(setup, new MaterialSources(options.Data, options.ModelSearch, new TokenCache(options.Root)), cancellation));
        _materials = (setup, files, materials);
        return materials;
    }

    private T Explained<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not LabException && AsProblem(e) is { } problem)
        {
            throw problem;
        }
    }

    /// <summary>Whatever ends a run is in its journal too.</summary>
    private RunResult Journalled(RunJournal journal, Func<RunResult> run)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException)
        {
            journal.Append(new RunFailed("Cancelled", "Cancelled; the same command goes on from the last checkpoint."));
            throw;
        }
        catch (Exception e)
        {
            var problem = e as LabException ?? AsProblem(e);
            // A full disk cannot take the event; the exception itself still says everything.
            if (problem?.Code != ProblemCode.StorageFull)
                journal.Append(new RunFailed(problem?.Code.ToString() ?? "Unexpected", problem?.Message ?? e.Message));
            throw;
        }
    }

    private LabException? AsProblem(Exception exception) => exception switch
    {
        IOException io => DiskSpace.Explain(io, options.Root, wanted: 0) ?? Inaccessible(io),
        UnauthorizedAccessException denied => Inaccessible(denied),
        _ => Engine.AsProblem(exception),
    };

    private LabException Inaccessible(Exception exception) => new(
        ProblemCode.FileInaccessible, $"{exception.Message} Check that {Path.GetFullPath(options.Root)} is a folder that this user may write.", exception);
}
