using SparseRobust.Lab;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>The worker's laboratory on its compute thread. Keeps the last data it read, since a sweep's runs share it.</summary>
internal sealed class RunComputer(Storage storage, ServerOptions options, TimeProvider time) : IDisposable
{
    private readonly Lazy<ComputeThread> _thread = new(() => new ComputeThread("training"));
    private (string Root, Laboratory Laboratory)? _last;

    public Work Prepare(RunRow run)
    {
        var root = storage.LabOf(run.Rerun);
        if (_last is not { } last || last.Root != root)
        {
            LetGo();
            _last = last = (root, new Laboratory(new LaboratoryOptions(root, options.Folders) { Device = options.Device, Models = storage.Models }, time));
        }
        var journal = RunDirectory.JournalPathOf(RunDirectory.FolderOf(root, $"{run.RecipeHash}-{run.Seed}"));
        return new Work(_thread.Value, last.Laboratory, RecipeReader.Read(run.Recipe), run.Seed, journal);
    }

    public void Dispose()
    {
        LetGo();
        if (_thread.IsValueCreated)
            _thread.Value.Dispose();
    }

    // After whatever the laboratory was given to do; one that never ran has no data.
    private void LetGo()
    {
        if (_last is { } last && _thread.IsValueCreated)
            _thread.Value.RunAsync(() => { last.Laboratory.Dispose(); return true; });
    }

    /// <summary>A run ready to compute.</summary>
    internal sealed record Work(ComputeThread Thread, Laboratory Laboratory, RunRecipe Recipe, long Seed, string JournalPath)
    {
        public Task<RunResult> RunAsync(IRunObserver observer, CancellationToken cancellation) => Thread.RunAsync(() => Laboratory.Run(Recipe, Seed, observer, cancellation));
    }
}
