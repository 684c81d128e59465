using System.Collections.Concurrent;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Pretrained;

/// <summary>Brings pre-trained models, one import a name, and keeps account of them on the disk. Ends with the server; what came from a hub is kept for the next start.</summary>
internal sealed class ModelImports(PretrainedStore store, ImportRecords records, ModelIntake intake, ServerOptions options, TimeProvider time, ILogger<ModelImports> logger) : IHostedService
{
    // Another node's import that has not been heard of for longer has ended with its node.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, ActiveImport> _active = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Begins, or goes on with what came of the same source before; answers with the model that is there if it is the same.</summary>
    /// <exception cref="Problem">RequestInvalid, HostRefused, StateConflict; the hub's when the name is taken and it must be asked.</exception>
    /// <exception cref="LabException">ModelInvalid: the folder holds no model.</exception>
    public async Task<(ModelImport Import, bool IsThere)> StartAsync(StartModelImport request, CancellationToken cancellation)
    {
        RequireName(request.Name);
        intake.Require(request.Source);
        if (store.IsTaken(request.Name))
            return (Done(await intake.RequireSameAsync(request.Name, request.Source, cancellation)), true);
        lock (_gate)
        {
            var active = Begin(request.Name, request.Source, records.WorkOf(request.Name), records.Write);
            active.Ended = Task.Run(() => RunAsync(active), CancellationToken.None);
            return (active.Import, false);
        }
    }

    /// <summary>Takes an archive while it comes. What fails, or is cut off, leaves nothing.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The model, and whether it was not there before.</returns>
    /// <exception cref="Problem">RequestInvalid, StateConflict, RequestTooLarge.</exception>
    /// <exception cref="LabException">ModelInvalid, StorageFull.</exception>
    public async Task<(ImportedModel Model, bool IsNew)> TakeAsync(string name, SentArchive archive, CancellationToken cancellation)
    {
        RequireName(name);
        ActiveImport active;
        var ended = new TaskCompletionSource();
        lock (_gate)
        {
            active = Begin(name, new ArchiveSource { File = archive.FileName }, store.WorkFolder($".upload-{Guid.NewGuid():N}"), _ => { });
            active.Ended = ended.Task;
            active.Change(import => import with { State = ImportState.Fetching, TotalBytes = archive.Length });
        }
        try
        {
            return await intake.TakeAsync(name, archive, active, cancellation);
        }
        catch (OperationCanceledException) when (active.Stop.IsCancellationRequested)
        {
            throw Problem.Conflict($"The import of {name} was cancelled.");
        }
        finally
        {
            End(name, active);
            ended.SetResult();
        }
    }

    /// <summary>The name's import; null when there was none.</summary>
    public ModelImport? Find(string name) =>
        !PretrainedStore.IsName(name) ? null : _active.TryGetValue(name, out var active) ? active.Import : records.Read(name) is { } record ? AsOfNow(record) : store.Find(name) is { } model ? Done(model) : null;

    /// <summary>Every import that is under way or has ended, by name.</summary>
    /// <exception cref="LabException">ArtifactCorrupt: what a model's import.json says cannot be read.</exception>
    public IReadOnlyList<ModelImport> List() => Named(Unfinished().Select(import => import.Id).Concat(store.List().Select(model => model.Name)));

    /// <summary>Those that are under way, or ended before their model was in its place.</summary>
    public IReadOnlyList<ModelImport> Unfinished() => Named(_active.Keys.Concat(records.ReadAll().Select(record => record.Id)));

    /// <summary>Stops one that is under way here; what came from a hub is kept.</summary>
    /// <exception cref="Problem">NotFound; StateConflict: it has ended, or another node is at it.</exception>
    public async Task<ModelImport> CancelAsync(string name)
    {
        var import = Find(name) ?? throw Problem.NotFound("import", name);
        if (_active.TryGetValue(name, out var active))
            await active.EndAsync(isCancelled: true);
        else
            throw Problem.Conflict(import.IsUnderWay ? $"{name} is being brought by {import.Node}. Ask that node, or wait." : $"The import of {name} has ended: {import.State.ToString().ToLowerInvariant()}.");
        return Find(name) ?? import with { State = ImportState.Cancelled };
    }

    /// <summary>Stops it if it is under way here, and forgets it with what came; a model in its place stays.</summary>
    /// <exception cref="Problem">NotFound; StateConflict: another node is at it.</exception>
    public async Task ForgetAsync(string name)
    {
        if (_active.TryGetValue(name, out var active))
            await active.EndAsync(isCancelled: true);
        else if (Find(name) is not { } import)
            throw Problem.NotFound("import", name);
        else if (import.IsUnderWay)
            throw Problem.Conflict($"{name} is being brought by {import.Node}. Ask that node, or wait.");
        else if (import.State == ImportState.Succeeded)
            throw Problem.Conflict($"{name} is imported. To delete the model: DELETE /api/v1/models/pretrained/{name}.");
        records.Drop(name);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        records.DropAbandoned(time.GetUtcNow() - Abandoned);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_active.Values.Select(active => active.EndAsync(isCancelled: false))).WaitAsync(cancellationToken);

    private static void RequireName(string name)
    {
        if (!PretrainedStore.IsName(name))
            throw Problem.Invalid("$.name", $"\"{name}\" is no name of a model: 1 to 96 letters, digits, dots, underscores and hyphens, beginning with a letter or digit.");
    }

    private IReadOnlyList<ModelImport> Named(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Find).OfType<ModelImport>()];

    private ModelImport Done(ImportedModel model) => new()
    {
        Id = model.Name, Source = model.Source, Commit = model.Commit, State = ImportState.Succeeded, DoneBytes = model.Size, TotalBytes = model.Size,
        Files = [.. model.Files.Select(file => new ImportProgress { Name = file.Name, DoneBytes = file.Size, TotalBytes = file.Size, Sha256 = file.Sha256 })],
        Node = options.NodeId, StartedAt = model.ImportedAt, SeenAt = model.ImportedAt,
    };

    private ActiveImport Begin(string name, ModelSource source, string work, Action<ModelImport> write)
    {
        var last = Find(name);
        if (last?.IsUnderWay == true)
            throw Problem.Conflict($"{name} is being brought already, by {last.Node}. Wait for it, or cancel it first.");
        if (last is not null && last.Source != source && last.State != ImportState.Succeeded)
            records.Drop(name);
        var now = time.GetUtcNow();
        var isMore = last is { Resumable: true } && last.Source == source;
        var import = new ModelImport
        {
            Id = name, Source = source, Commit = isMore ? last!.Commit : null, State = ImportState.Preparing, Resumable = source is HubSource, Node = options.NodeId, StartedAt = now, SeenAt = now,
            Files = isMore ? last!.Files : [],
        };
        if (!isMore && source is not ArchiveSource)
            records.DropFiles(name);
        Directory.CreateDirectory(work);
        var active = new ActiveImport(import, work, write);
        active.Change(same => same);
        _active[name] = active;
        return active;
    }

    private void End(string name, ActiveImport active) => _active.TryRemove(KeyValuePair.Create(name, active));

    private ModelImport AsOfNow(ModelImport import) =>
        !import.IsUnderWay || import.Node != options.NodeId && time.GetUtcNow() - import.SeenAt < Silence ? import : import with { State = ImportState.Interrupted };

    private async Task RunAsync(ActiveImport active)
    {
        var name = active.Import.Id;
        try
        {
            Func<ModelImport, ModelImport>? end;
            await using (time.CreateTimer(_ => TryChange(active, import => import), null, Beat, Beat))
                end = await EndAsync(active);
            if (end is not null)
                TryChange(active, end);
        }
        finally
        {
            End(name, active);
        }
    }

    // A record that cannot be written says "fetching" to the next start, which then calls it interrupted.
    private void TryChange(ActiveImport active, Func<ModelImport, ModelImport> change)
    {
        try
        {
            active.Change(import => change(import) with { SeenAt = time.GetUtcNow() });
        }
        catch (Exception e) when (e is LabException or IOException or UnauthorizedAccessException)
        {
            logger.LogError(e, "The record of importing {Model} cannot be written", active.Import.Id);
        }
    }

    /// <summary>Null when the model is in its place and there is nothing left to know of the import.</summary>
    private async Task<Func<ModelImport, ModelImport>?> EndAsync(ActiveImport active)
    {
        var name = active.Import.Id;
        try
        {
            await intake.BringAsync(active);
            records.Drop(name);
            return null;
        }
        catch (OperationCanceledException) when (active.Stop.IsCancellationRequested)
        {
            return import => import with { State = active.IsCancelled ? ImportState.Cancelled : ImportState.Interrupted };
        }
        catch (Exception e)
        {
            var (code, message, _) = ProblemMap.Explain(e);
            if (code == "Unexpected")
                logger.LogError(e, "Importing {Model} failed", name);
            // To go on with these files would end the same way.
            if (code is nameof(ProblemCode.ModelInvalid) or "RequestTooLarge")
                records.DropFiles(name);
            return import => import with { State = ImportState.Failed, Problem = new RunProblem(code, message) };
        }
    }
}
