using Microsoft.EntityFrameworkCore;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Examples;

/// <summary>An evaluation of a run.</summary>
/// <param name="Run">Whose.</param>
/// <param name="Stage">Its name.</param>
/// <param name="StageHash">Its hash.</param>
/// <param name="Folder">Where its files lie, absolute.</param>
/// <param name="HasPredictions">Whether what the model answered row by row was recorded with it.</param>
internal sealed record Evaluation(RunRow Run, string Stage, string StageHash, string Folder, bool HasPredictions);

/// <summary>An evaluation with what it kept, beside the others of its run.</summary>
internal sealed record OpenEvaluation(IReadOnlyList<Evaluation> All, Evaluation Chosen, IReadOnlyList<SetPredictions> Sets)
{
    /// <summary>The sets' names, for messages.</summary>
    public string SetNames => string.Join(", ", Sets.Select(set => $"{set.Dataset} {set.Split}"));

    /// <summary>What other pages and answers call the evaluation.</summary>
    public ComparedEvaluation Name => new(Chosen.Run.Id, Chosen.Stage, Chosen.StageHash);

    /// <exception cref="Problem">NotFound: no such set. FilterInvalid: the split is not said and there are several.</exception>
    public SetPredictions Find(string? dataset, string? split)
    {
        if (string.IsNullOrEmpty(dataset))
            throw ExampleFilter.Refuse("dataset", $"say which of {SetNames}.");
        var named = Sets.Where(set => set.Dataset == dataset && (string.IsNullOrEmpty(split) || set.Split == split)).ToList();
        return named switch
        {
            [var only] => only,
            [] => throw new Problem("NotFound", $"\"{Chosen.Stage}\" of run {Chosen.Run.Id} was not on \"{dataset} {split}\". It was on {SetNames}."),
            _ => throw ExampleFilter.Refuse("split", $"say which of {string.Join(", ", named.Select(set => set.Split))}."),
        };
    }
}

/// <summary>Finds a run's evaluations and reads what a model answered row by row: a few hundred kilobytes for each request.</summary>
internal sealed class Evaluations(IDbContextFactory<LabDb> databases, Storage storage)
{
    /// <param name="runId">The run.</param>
    /// <param name="stage">Name or hash of the evaluation; null for the last.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Problem">NotFound: no such run, or no such evaluation.</exception>
    /// <exception cref="LabException">ArtifactMissing, ArtifactCorrupt: the rows were not kept or are not whole.</exception>
    public async Task<OpenEvaluation> OpenAsync(string runId, string? stage, CancellationToken cancellation)
    {
        var all = await ListAsync(runId, cancellation);
        return Open(all, Choose(all, runId, stage));
    }

    /// <summary>In the order of the run's stages; none before the run has succeeded.</summary>
    /// <exception cref="Problem">NotFound: no such run.</exception>
    public async Task<IReadOnlyList<Evaluation>> ListAsync(string runId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var run = await RunActions.FindAsync(db, runId, cancellation);
        var rows = from score in db.Scores.Where(score => score.RunId == runId).Select(score => new { score.StageOrdinal, score.Stage, score.StageHash }).Distinct()
                   join stage in db.Stages on score.StageHash equals stage.Hash
                   orderby score.StageOrdinal
                   select new { score.Stage, score.StageHash, stage.Folder, IsKept = db.Artifacts.Any(file => file.StageHash == score.StageHash && file.Name == PredictionsFile.Name) };
        return [.. (await rows.ToListAsync(cancellation)).Select(row => new Evaluation(run, row.Stage, row.StageHash, storage.Absolute(row.Folder), row.IsKept))];
    }

    /// <exception cref="Problem">NotFound: no such evaluation.</exception>
    public static Evaluation Choose(IReadOnlyList<Evaluation> all, string runId, string? stage) =>
        all.LastOrDefault(evaluation => string.IsNullOrEmpty(stage) || evaluation.Stage == stage || evaluation.StageHash == stage) ?? throw new Problem(
            "NotFound",
            all.Count == 0 ? $"Run {runId} has no evaluation: they are there once it has succeeded."
                : $"Run {runId} has no evaluation \"{stage}\". It has {string.Join(", ", all.Select(evaluation => $"\"{evaluation.Stage}\" ({evaluation.StageHash})"))}.");

    /// <exception cref="LabException">ArtifactMissing, ArtifactCorrupt: the rows were not kept or are not whole.</exception>
    public static OpenEvaluation Open(IReadOnlyList<Evaluation> all, Evaluation chosen) => new(all, chosen, Read(chosen));

    private static IReadOnlyList<SetPredictions> Read(Evaluation evaluation) => evaluation.HasPredictions
        ? PredictionsFile.Load(Path.Combine(evaluation.Folder, PredictionsFile.Name))
        : throw new LabException(
            ProblemCode.ArtifactMissing,
            $"\"{evaluation.Stage}\" of run {evaluation.Run.Id} (stage {evaluation.StageHash}) was made when only scores were kept, so what the model answered row by row is not there. Launch the run again with \"rerun\": true to have it.");
}
