using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Stages;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>What launching an experiment would do and cost. Reads data, disk and database; writes nothing but the cache of tokenised data.</summary>
internal sealed class RunPlanner(IDbContextFactory<LabDb> databases, PlanData data, StageHistory history, Storage storage, TimeProvider time)
{
    public const string NoEnergy = "Energy is not measured here, so it is not estimated.";

    public async Task<PlanView> PlanAsync(Experiment experiment, CancellationToken cancellation)
    {
        var there = await ThereAsync(experiment, cancellation);
        var identities = await data.IdentifyAsync([.. experiment.Cells.Select(cell => cell.Recipe.Setup)], cancellation);
        // Thousands of hashes: not on a request's thread.
        var works = await Task.Run(() => Works(experiment, identities, there, cancellation), cancellation);
        var measured = await history.ReadAsync(experiment.Cells.Select(cell => RecipeSummary.Of(cell.Recipe).Task), cancellation);
        return ViewOf([.. works.Select(work => work.Run)], Estimate.Of([.. works.SelectMany(work => work.ToDo)], measured));
    }

    private PlanView ViewOf(IReadOnlyList<PlannedRun> runs, Estimate estimate)
    {
        var stages = runs.SelectMany(run => run.Stages).ToList();
        var distinct = stages.DistinctBy(stage => stage.Hash).ToList();
        return new PlanView
        {
            Runs = runs,
            States = runs.CountBy(run => run.State).ToDictionary(),
            Stages = new PlannedStages(stages.Count, distinct.Count, stages.Count - distinct.Count, distinct.Count(stage => stage.IsComplete), estimate.Stages),
            TrainingSteps = estimate.TrainingSteps,
            EstimatedSeconds = estimate.Seconds,
            EstimatedBytes = estimate.Bytes,
            FreeBytes = new DriveInfo(storage.Root).AvailableFreeSpace,
            EstimateBasis = estimate.Basis,
            EnergyBasis = NoEnergy,
        };
    }

    private List<(PlannedRun Run, IReadOnlyList<StageWork> ToDo)> Works(
        Experiment experiment, IReadOnlyDictionary<Setup, DataIdentity> identities, IReadOnlyDictionary<(string, long), NewestRun> there, CancellationToken cancellation)
    {
        using var laboratory = new Laboratory(new LaboratoryOptions(storage.Lab, data.Folders) { Models = storage.Models }, time);
        var works = new List<(PlannedRun, IReadOnlyList<StageWork>)>(experiment.RunCount);
        foreach (var cell in experiment.Cells)
        {
            var identity = identities[PlanData.KeyOf(cell.Recipe.Setup)];
            var outline = StageOutline.Of(cell.Recipe, identity.TrainingRows);
            var hash = RecipeHash.Of(cell.Recipe);
            foreach (var seed in experiment.Seeds)
            {
                cancellation.ThrowIfCancellationRequested();
                var stages = laboratory.Plan(cell.Recipe, seed, identity).Zip(outline, (stage, work) => new PlannedStage(stage.Name, stage.Hash, stage.IsComplete, work.TotalSteps)).ToList();
                var run = new PlannedRun($"{hash}-{seed}", cell.Name, hash, seed, there.GetValueOrDefault((hash, seed))?.State.Word() ?? "new", stages);
                works.Add((run, run.State == RunState.Succeeded.Word() ? [] : [.. ToDo(cell.Recipe, stages, outline)]));
            }
        }
        return works;
    }

    private static IEnumerable<StageWork> ToDo(RunRecipe recipe, IReadOnlyList<PlannedStage> stages, IReadOnlyList<StageOutline> outline) =>
        stages.Zip(outline).Where(pair => !pair.First.IsComplete).Select(pair => new StageWork(pair.First.Hash, pair.First.Name, pair.First.TotalSteps, StageShape.Of(recipe, pair.Second)));

    private async Task<IReadOnlyDictionary<(string RecipeHash, long Seed), NewestRun>> ThereAsync(Experiment experiment, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await NewestRuns.ReadAsync(db, [.. experiment.Cells.Select(cell => RecipeHash.Of(cell.Recipe))], experiment.Seeds, cancellation);
    }
}
