using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Stages;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Runs;

/// <summary>Reads what a run's page shows.</summary>
internal sealed class RunReportReader(IDbContextFactory<LabDb> databases, RunMetrics metrics, Storage storage)
{
    private const int LogLines = 200;
    private const int Evaluations = 50;
    // More than a drawing of 1,000 units can show would only make the page heavy.
    private const int Points = 400;

    // The sum first; the parts are those of a pre-training.
    private static readonly string[] LossKeys = ["train/loss", "train/mlm_loss", "train/nsp_loss"];

    /// <summary>Null when there is no such run.</summary>
    public async Task<RunReport?> ReadAsync(string runId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await db.Runs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == runId, cancellation);
        if (run is null)
            return null;
        var stages = await StagesAsync(db, runId, cancellation);
        var hashes = stages.Select(stage => stage.Hash).ToList();
        return new RunReport
        {
            Run = run,
            Stages = stages,
            Curves = await CurvesAsync(db, run, [.. stages.Where(stage => stage.Steps > 0).Select(stage => stage.Name)], cancellation),
            Scores = await db.Scores.AsNoTracking().Where(score => score.RunId == runId).OrderBy(score => score.StageOrdinal).ThenBy(score => score.Id).ToListAsync(cancellation),
            Masks = await MaskView.ReadAsync(db, runId, cancellation),
            Attempts = await db.Attempts.AsNoTracking().Where(attempt => attempt.RunId == runId).OrderBy(attempt => attempt.Epoch).ToListAsync(cancellation),
            Log = await RunLog.ReadAsync(db, runId, LogLines, cancellation),
            Files = [.. (await db.Artifacts.Where(file => hashes.Contains(file.StageHash)).OrderBy(file => file.Name).Select(file => new RunFile(file.Name, file.Sha256, file.Size, file.StageHash)).ToListAsync(cancellation)).OrderBy(file => hashes.IndexOf(file.StageHash))],
            HasExamples = await db.Artifacts.AnyAsync(file => file.Name == PredictionsFile.Name && db.Scores.Any(score => score.RunId == runId && score.StageHash == file.StageHash), cancellation),
            PretrainedFolder = await db.Stages.Where(stage => hashes.Contains(stage.Hash) && stage.Name == PretrainStage.StageName).Select(stage => stage.Folder).SingleOrDefaultAsync(cancellation) is { } folder ? storage.Absolute(folder) : null,
            ModelId = (await db.Models.Where(model => hashes.Contains(model.Id)).Select(model => model.Id).ToListAsync(cancellation)).MaxBy(hashes.IndexOf),
        };
    }

    // The journal knows the stages of a run that is under way or has failed; a run without a journal has only its records.
    private static async Task<IReadOnlyList<RunStage>> StagesAsync(LabDb db, string runId, CancellationToken cancellation)
    {
        var told = RunAxis.Stages(await BodiesAsync(db.Events.Where(e => e.RunId == runId && RunAxis.Kinds.Contains(e.Kind)), cancellation));
        var recorded = await db.RunStages.AsNoTracking().Where(stage => stage.RunId == runId).OrderBy(stage => stage.Ordinal)
            .Join(db.Stages, stage => stage.StageHash, stage => stage.Hash, (use, stage) => new RunStage(stage.Name, stage.Hash, use.Reused, null, 0, stage.WallSeconds)).ToListAsync(cancellation);
        if (told.Count == 0)
            return recorded;
        var seconds = recorded.ToDictionary(stage => stage.Hash, stage => stage.Seconds);
        return [.. told.Select(stage => stage with { Seconds = stage.Seconds ?? seconds.GetValueOrDefault(stage.Hash) })];
    }

    private async Task<RunCurves> CurvesAsync(LabDb db, RunRow run, IReadOnlyCollection<string> trained, CancellationToken cancellation)
    {
        var keys = await metrics.KeysAsync(run.Id, cancellation);
        var evaluations = await BodiesAsync(db.Events.Where(e => e.RunId == run.Id && e.Kind == "evaluated"), cancellation, Evaluations);
        var sets = AccuracyCurves.Find(evaluations, keys);
        return new RunCurves(
            await LinesAsync([.. LossKeys.Where((key, i) => i == 0 || keys.Contains(key))]),
            await LinesAsync(["train/learning_rate"]),
            await LinesAsync(run.Pruning is null ? [] : ["prune/sparsity"]),
            await LinesAsync(sets.Select(set => set.Key)),
            sets);

        async Task<IReadOnlyList<ChartLine>> LinesAsync(IEnumerable<string> names)
        {
            var lines = new List<ChartLine>();
            foreach (var name in names)
                lines.Add(LineOf(name, await metrics.ReadAsync(run.Id, name, (null, null), Points, cancellation), trained));
            return lines;
        }
    }

    // The evaluation of a chosen checkpoint is over the full set; it stands among the scores, not in the curve of samples.
    private static ChartLine LineOf(string key, IReadOnlyList<MetricSeries> series, IReadOnlyCollection<string> trained) =>
        new(key, [.. series.Where(stage => trained.Count == 0 || trained.Contains(stage.Stage)).SelectMany(stage => stage.Points).OrderBy(point => point.Step).Select(point => new ChartPoint(point.Step, point.Last))]);

    private static async Task<IReadOnlyList<string>> BodiesAsync(IQueryable<EventRow> events, CancellationToken cancellation, int most = int.MaxValue)
    {
        var bodies = await events.AsNoTracking().OrderByDescending(e => e.Sequence).Take(most).Select(e => e.Body).ToListAsync(cancellation);
        bodies.Reverse();
        return bodies;
    }
}
