using System.Diagnostics;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Training;

/// <summary>The only training loop. Pruning methods hook into it; objectives are handed to it, and what they learn is trained with the model.</summary>
/// <remarks>Killed at any moment and started again, it continues from the last checkpoint and ends, on CPU, with bit-equal weights:
/// data order is a function of seed and epoch, and a checkpoint holds weights, the objective's own, optimiser, random state and the choice so far.</remarks>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingInputs _inputs;
    private readonly TrainingSpec _spec;
    private readonly Budget _budget;
    private readonly DataOrder _order;
    private readonly RowPadding _padding;
    private readonly ObjectiveRows _rows;
    private readonly IObjective _objective;
    private readonly Checkpoint _checkpoint;
    private readonly Stopwatch _sinceLog = new();
    private int _examplesSinceLog;
    private int _stepsSinceLog;
    private double _paddingShare;

    private Trainer(TrainingInputs inputs)
    {
        _inputs = inputs;
        _spec = inputs.Spec;
        _budget = Budget.Of(inputs.Train.Count, _spec.PerDeviceTrainBatchSize, _spec.NumTrainEpochs);
        _order = new DataOrder(inputs.Train.Count, _spec.PerDeviceTrainBatchSize, inputs.Seed, Grouping(inputs));
        _padding = new RowPadding(inputs.PaddingId, _spec.Padding == Padding.MaxLength ? inputs.Train.MaxLength : 0);
        _rows = new ObjectiveRows(inputs);
        var generator = manual_seed(inputs.Seed);
        inputs.Pruning?.Begin(inputs.Model, _budget);
        // After the pruning method has frozen what it does not train: the objective's own weights are always trained.
        _objective = _spec.Objective.Build(inputs.Model.Model.Spec.PooledWidth);
        _objective.State?.to(inputs.Device);
        _checkpoint = new Checkpoint(inputs, _objective, generator);
    }

    /// <summary>Trains, or goes on training, and leaves the chosen checkpoint's weights in the model.</summary>
    /// <exception cref="LabException">TrainingDiverged when loss or gradient is no longer finite; the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">After the current update, with a checkpoint written.</exception>
    public static TrainingOutcome Run(TrainingInputs inputs, CancellationToken cancellation)
    {
        using var trainer = new Trainer(inputs);
        return trainer.Run(cancellation);
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _objective.State?.Dispose();
    }

    private TrainingOutcome Run(CancellationToken cancellation)
    {
        var done = _checkpoint.Restore();
        _inputs.Journal.Begin(done, _budget.TotalSteps);
        _inputs.Model.Model.train();
        _sinceLog.Start();
        for (var index = done + 1; index <= _budget.TotalSteps; index++)
        {
            if (cancellation.IsCancellationRequested)
            {
                _checkpoint.Save(index - 1);
                cancellation.ThrowIfCancellationRequested();
            }
            var step = new Step(index, _budget);
            Update(step);
            var isNewBest = (step.IsLast || index % _spec.EvalSteps == 0) && Evaluate(step);
            // A best file is always followed by the checkpoint that names it.
            if (isNewBest || index % _inputs.Cadence.SaveSteps == 0 || step.IsLast)
                _checkpoint.Save(index);
            if (isNewBest || index % _spec.EvalSteps == 0 || index % _inputs.Cadence.SaveSteps == 0)
                RestartClock();
        }
        _checkpoint.RestoreBest();
        _inputs.Pruning?.BeforeEvaluation(_inputs.Model);
        return new TrainingOutcome(_budget.TotalSteps, _checkpoint.BestStep, _checkpoint.BestMetric);
    }

    private static LengthGrouping? Grouping(TrainingInputs inputs) =>
        inputs.Spec.GroupByLengthBatches > 0 ? new LengthGrouping([.. inputs.Train.Rows.Select(row => row.Length)], inputs.Spec.GroupByLengthBatches) : null;

    private void Update(Step step)
    {
        using var scope = NewDisposeScope();
        var rows = _order.Batch(step);
        var batch = Batch.Of(_inputs.Train, rows, _padding, _inputs.Device);
        var loss = Loss(batch, rows, step);
        loss.backward();
        _inputs.Pruning?.AfterBackward(_inputs.Model, step);
        var gradNorm = ClipGradients(step);
        var learningRate = _spec.LearningRate * LinearWarmup.Factor(step, _spec.WarmupSteps);
        _checkpoint.Optimizer.LearningRate = learningRate;
        _checkpoint.Optimizer.Step();
        _inputs.Pruning?.AfterUpdate(_inputs.Model, step);
        _examplesSinceLog += rows.Length;
        _stepsSinceLog++;
        _paddingShare = batch.PaddingShare;
        if (step.IsLast || step.Index % _inputs.Cadence.LoggingSteps == 0)
            Log(step, loss, learningRate, gradNorm);
    }

    private Tensor Loss(Batch batch, ReadOnlySpan<int> rows, Step step)
    {
        var (pooled_BD, logits_BC) = Outputs(batch);
        return _objective.Loss(new ObjectiveInputs
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
        return _inputs.Model.Model.Outputs(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL);
    }

    private Tensor ClipGradients(Step step)
    {
        var norm = FusedOperators.ClipGradNorm(_checkpoint.Optimizer.Parameters, _spec.MaxGradNorm > 0 ? _spec.MaxGradNorm : double.MaxValue);
        // A GPU is not waited for in every step: there a norm that is not finite shows at the next logged one.
        if (_inputs.Device.type == DeviceType.CPU)
            RequireFinite(step, "gradient norm", norm.item<double>());
        return norm;
    }

    private double RequireFinite(Step step, string what, double value) =>
        double.IsFinite(value) ? value : throw Diverged(step, what, value);

    private void Log(Step step, Tensor loss, double learningRate, Tensor gradNorm)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["train/loss"] = RequireFinite(step, "loss", loss.item<float>()),
            ["train/learning_rate"] = learningRate,
            ["train/grad_norm"] = RequireFinite(step, "gradient norm", gradNorm.to_type(ScalarType.Float64).item<double>()),
            ["train/epoch"] = step.Epoch,
            ["train/padding_share"] = _paddingShare,
            ["system/memory_resident_bytes"] = Environment.WorkingSet,
            ["train/step_seconds"] = _sinceLog.Elapsed.TotalSeconds / _stepsSinceLog,
            ["train/examples_per_second"] = _examplesSinceLog / Math.Max(1e-9, _sinceLog.Elapsed.TotalSeconds),
        };
        if (Engine.PeakMemory(_inputs.Device) is { } peak)
            values["system/device_memory_peak_bytes"] = peak;
        _inputs.Journal.Append(new StepMeasured(_inputs.Stage, step.Index, _budget.TotalSteps, values));
        RestartClock();
    }

    /// <summary>Evaluates on dev and on the out-of-distribution samples; true when this is the best checkpoint so far.</summary>
    private bool Evaluate(Step step)
    {
        _inputs.Pruning?.BeforeEvaluation(_inputs.Model);
        var dev = Score(_inputs.Dev, step, sampled: false).ToList();
        var scores = dev.Concat(_inputs.OutOfDistribution.SelectMany(set => Score(set, step, sampled: true))).ToList();
        _inputs.Journal.Append(new Evaluated(_inputs.Stage, step.Index, scores));
        if (_inputs.Pruning is { } pruning)
            LogSparsity(step, pruning.Masks(_inputs.Model));
        var loss = dev.First(score => score is { Slice: "all", Metric: "loss" }).Value;
        RequireFinite(step, "dev loss", loss);
        var selection = Selection(dev);
        return (step.IsLast || step.Progress >= _spec.SelectFrom) && _checkpoint.OfferBest(step.Index, selection);
    }

    private double Selection(IReadOnlyList<Score> dev)
    {
        var metric = _inputs.SelectionMetric;
        if (dev.FirstOrDefault(score => score.Slice == "all" && score.Metric == metric) is { } measured)
            return measured.Value;
        // Of a model that still answers every row alike: undefined, and no reason to stop.
        if (_inputs.Dev.Dataset.Labels.IsRegression && WholeSetScores.Correlations.Contains(metric))
            return 0;
        throw new LabException(
            ProblemCode.RecipeInvalid,
            $"{_inputs.Stage}: the checkpoint is to be chosen by {metric}, which is not measured on {_inputs.Dev.Dataset.Name} {_inputs.Dev.Dataset.Split}. "
            + $"There are {string.Join(", ", dev.Where(score => score.Slice == "all").Select(score => score.Metric))}: choose a task that is chosen by one of these.");
    }

    // The papers' denominator first, then the wider ones.
    private void LogSparsity(Step step, MaskSet masks) => _inputs.Journal.Append(new StepMeasured(_inputs.Stage, step.Index, _budget.TotalSteps, new SortedDictionary<string, double>(StringComparer.Ordinal)
    {
        ["prune/sparsity"] = masks.EncoderSparsity,
        ["prune/sparsity_encoder_and_pooler"] = masks.EncoderAndPoolerSparsity,
        ["prune/sparsity_all_masked"] = masks.MaskedSparsity,
    }));

    private void RestartClock()
    {
        _sinceLog.Restart();
        (_examplesSinceLog, _stepsSinceLog) = (0, 0);
    }

    private IEnumerable<Score> Score(EncodedDataset data, Step step, bool sampled) =>
        Evaluator.Score(data.Set, Evaluator.Predict(_inputs.Model.Model, data, _inputs.PaddingId, _inputs.Device, CancellationToken.None), sampled)
            .Select(score => score with { CheckpointStep = step.Index });

    private LabException Diverged(Step step, string what, double value) => new(
        ProblemCode.TrainingDiverged,
        $"{_inputs.Stage}: the {what} is {value} at step {step.Index}. Lower learning_rate ({_spec.LearningRate}) or lengthen warmup_steps ({_spec.WarmupSteps}); the last checkpoint before it is kept in the stage's folder.");
}
