using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Training;

/// <summary>What a classifier is trained and judged on. Owned by the stage that made it.</summary>
internal sealed record ClassificationInputs
{
    public required TrainingSpec Spec { get; init; }

    /// <summary>The part of the training that is done; null for the whole.</summary>
    public Budget? Part { get; init; }

    public required TextClassifier Model { get; init; }

    public required EncodedDataset Train { get; init; }

    /// <summary>The only set that chooses the checkpoint.</summary>
    public required EncodedDataset Dev { get; init; }

    /// <summary>The metric of the dev set's slice "all" that chooses it; more is better.</summary>
    public string SelectionMetric { get; init; } = "accuracy";

    /// <summary>Samples of the out-of-distribution sets.</summary>
    public required IReadOnlyList<EncodedDataset> OutOfDistribution { get; init; }

    /// <summary>The bias model's log-probabilities for the training rows, when the objective needs them.</summary>
    public BiasPredictions? Bias { get; init; }

    /// <summary>The teacher's log-probabilities for the training rows, when the objective needs them.</summary>
    public BiasPredictions? Teacher { get; init; }

    public required int PaddingId { get; init; }

    public required long Seed { get; init; }

    public required Device Device { get; init; }
}

/// <summary>A classifier of labelled rows under an objective.</summary>
internal sealed class ClassificationWorkload : Workload
{
    private readonly ClassificationInputs _inputs;
    private readonly TrainingSpec _spec;
    private readonly DataOrder _order;
    private readonly RowPadding _padding;
    private readonly ObjectiveRows _rows;
    private IObjective? _objective;

    public ClassificationWorkload(ClassificationInputs inputs)
    {
        _inputs = inputs;
        _spec = inputs.Spec;
        Budget = inputs.Part ?? _spec.BudgetFor(inputs.Train.Count);
        _order = new DataOrder(inputs.Train.Count, _spec.RowsAnUpdate, inputs.Seed, Grouping(inputs));
        _padding = new RowPadding(inputs.PaddingId, _spec.Padding == Padding.MaxLength ? inputs.Train.MaxLength : 0);
        _rows = new ObjectiveRows(inputs);
    }

    public override nn.Module Model => _inputs.Model;

    public override nn.Module? State => _objective?.State;

    public override Budget Budget { get; }

    public override double SelectFrom => _spec.SelectFrom;

    public override int KeepEverySteps => _spec.KeepEverySteps;

    // After the pruning method has frozen what it does not train: the objective's own weights are always trained.
    public override void Begin()
    {
        _objective = _spec.Objective.Build(_inputs.Model.Spec.PooledWidth);
        _objective.State?.to(_inputs.Device);
    }

    public override IEnumerable<MicroBatch> Batches(Step step)
    {
        var rows = _order.Batch(step).ToArray();
        for (var start = 0; start < rows.Length; start += _spec.PerDeviceTrainBatchSize)
            yield return Part(rows.AsMemory(start, Math.Min(_spec.PerDeviceTrainBatchSize, rows.Length - start)), rows.Length, step);
    }

    public override IReadOnlyList<Score> ScoreDev() => Score(_inputs.Dev, sampled: false);

    public override IReadOnlyList<Score> ScoreOthers() => [.. _inputs.OutOfDistribution.SelectMany(set => Score(set, sampled: true))];

    public override double Selection(IReadOnlyList<Score> dev)
    {
        var metric = _inputs.SelectionMetric;
        if (dev.FirstOrDefault(score => score.Slice == "all" && score.Metric == metric) is { } measured)
            return measured.Value;
        // Of a model that still answers every row alike: undefined, and no reason to stop.
        if (_inputs.Dev.Dataset.Labels.IsRegression && WholeSetScores.Correlations.Contains(metric))
            return 0;
        throw new LabException(
            ProblemCode.RecipeInvalid,
            $"The checkpoint is to be chosen by {metric}, which is not measured on {_inputs.Dev.Dataset.Name} {_inputs.Dev.Dataset.Split}. "
            + $"There are {string.Join(", ", dev.Where(score => score.Slice == "all").Select(score => score.Metric))}: choose a task that is chosen by one of these.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _objective?.State?.Dispose();
        base.Dispose(disposing);
    }

    private static LengthGrouping? Grouping(ClassificationInputs inputs) =>
        inputs.Spec.GroupByLengthBatches > 0 ? new LengthGrouping([.. inputs.Train.Rows.Select(row => row.Length)], inputs.Spec.GroupByLengthBatches) : null;

    private MicroBatch Part(ReadOnlyMemory<int> rows, int rowsOfUpdate, Step step)
    {
        var batch = Batch.Of(_inputs.Train, rows.Span, _padding, _inputs.Device);
        return new MicroBatch(rows.Length, batch.Tokens, batch.PaddedTokens, () =>
        {
            var loss = Loss(batch, rows.Span, step);
            return new LossTerms(rows.Length == rowsOfUpdate ? loss : loss * ((double)rows.Length / rowsOfUpdate));
        });
    }

    private Tensor Loss(Batch batch, ReadOnlySpan<int> rows, Step step)
    {
        var (pooled_BD, logits_BC) = Outputs(batch);
        return _objective!.Loss(new ObjectiveInputs
        {
            Logits_BC = logits_BC.to_type(ScalarType.Float32),
            Labels_B = batch.Labels_B,
            Step = step,
            Pooled_BD = _rows.Reads(Needs.PooledOutput) ? pooled_BD.to_type(ScalarType.Float32) : null,
            BiasLogProbs_BC = _rows.BiasLogProbs(rows),
            TeacherLogProbs_BC = _rows.TeacherLogProbs(rows),
            Targets_B = _rows.Reads(Needs.Targets) ? batch.Targets_B : null,
        });
    }

    private (Tensor Pooled_BD, Tensor Logits_BC) Outputs(Batch batch)
    {
        using var mixed = _spec.Bf16 ? Engine.MixedPrecision(_inputs.Device) : null;
        return _inputs.Model.Outputs(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL);
    }

    private IReadOnlyList<Score> Score(EncodedDataset data, bool sampled) =>
        Evaluator.Score(data.Set, Evaluator.Predict(_inputs.Model, data, _inputs.PaddingId, _inputs.Device, CancellationToken.None), sampled);
}
