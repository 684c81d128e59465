using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Training;

/// <summary>The only training loop. Pruning methods hook into it; what is learnt from which rows is handed to it as a <see cref="Workload"/>.</summary>
/// <remarks>Killed at any moment and started again, it continues from the last checkpoint and ends, on CPU, with bit-equal weights:
/// the batches are a function of seed and update, and a checkpoint holds weights, the objective's own, optimiser, random state and the choice so far.</remarks>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingInputs _inputs;
    private readonly OptimizationSpec _spec;
    private readonly Workload _workload;
    private readonly Budget _budget;
    private readonly Checkpoint _checkpoint;
    private readonly Pace _pace = new();

    private Trainer(TrainingInputs inputs)
    {
        _inputs = inputs;
        _spec = inputs.Spec;
        _workload = inputs.Workload;
        _budget = _workload.Budget;
        var generator = manual_seed(inputs.Seed);
        inputs.Pruning?.Method.Begin(inputs.Pruning.Model, _budget);
        _workload.Begin();
        _checkpoint = new Checkpoint(inputs, generator);
    }

    /// <summary>Trains, or goes on training, and leaves the chosen checkpoint's weights in the model.</summary>
    /// <exception cref="LabException">TrainingDiverged when loss or gradient is no longer finite; the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">After the current update, with a checkpoint written.</exception>
    public static TrainingOutcome Run(TrainingInputs inputs, CancellationToken cancellation)
    {
        using var trainer = new Trainer(inputs);
        return trainer.Run(cancellation);
    }

    public void Dispose() => _checkpoint.Dispose();

    private TrainingOutcome Run(CancellationToken cancellation)
    {
        var done = _checkpoint.Restore();
        _inputs.Journal.Begin(done, _budget.TotalSteps);
        _workload.Model.train();
        _pace.Restart();
        for (var index = done + 1; index <= _budget.TotalSteps; index++)
        {
            if (cancellation.IsCancellationRequested)
            {
                _checkpoint.Save(index - 1);
                cancellation.ThrowIfCancellationRequested();
            }
            var step = new Step(index, _budget);
            Update(step);
            if (_workload.KeepEverySteps is > 0 and var every && index % every == 0)
                KeptWeights.Save(_inputs.WorkFolder, index, _workload.Model);
            var isNewBest = (step.IsLast || index % _spec.EvalSteps == 0) && Evaluate(step);
            // A best file is always followed by the checkpoint that names it.
            if (isNewBest || index % _inputs.Cadence.SaveSteps == 0 || step.IsLast)
                _checkpoint.Save(index);
            if (isNewBest || index % _spec.EvalSteps == 0 || index % _inputs.Cadence.SaveSteps == 0)
                _pace.Restart();
        }
        _checkpoint.RestoreBest();
        BringToSparsity(new Step(_checkpoint.BestStep, _budget));
        return new TrainingOutcome(_budget.TotalSteps, _checkpoint.BestStep, _checkpoint.BestMetric);
    }

    private void Update(Step step)
    {
        using var scope = NewDisposeScope();
        var isLogged = step.IsLast || step.Index % _inputs.Cadence.LoggingSteps == 0;
        var sums = new LossSums();
        foreach (var part in _workload.Batches(step))
        {
            using var partScope = NewDisposeScope();
            var terms = part.Loss();
            terms.Total.backward();
            _pace.Count(part);
            if (isLogged)
                sums.Add(terms);
        }
        _inputs.Pruning?.Method.AfterBackward(_inputs.Pruning.Model, step);
        var gradNorm = ClipGradients(step);
        var learningRate = _spec.LearningRate * LinearWarmup.Factor(step, _spec.WarmupSteps);
        _checkpoint.Optimizer.LearningRate = learningRate;
        _checkpoint.Optimizer.Step();
        _inputs.Pruning?.Method.AfterUpdate(_inputs.Pruning.Model, step);
        _pace.EndUpdate();
        if (isLogged)
            Log(step, sums, learningRate, gradNorm);
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

    private void Log(Step step, LossSums sums, double learningRate, Tensor gradNorm)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["train/loss"] = RequireFinite(step, "loss", sums.Loss),
            ["train/learning_rate"] = learningRate,
            ["train/grad_norm"] = RequireFinite(step, "gradient norm", gradNorm.to_type(ScalarType.Float64).item<double>()),
            ["train/epoch"] = step.Epoch,
            ["system/memory_resident_bytes"] = Environment.WorkingSet,
        };
        sums.AddTo(values);
        _pace.AddTo(values);
        if (Engine.PeakMemory(_inputs.Device) is { } peak)
            values["system/device_memory_peak_bytes"] = peak;
        _inputs.Journal.Append(new StepMeasured(_inputs.Stage, step.Index, _budget.TotalSteps, values));
        _pace.Restart();
    }

    /// <summary>Evaluates on dev and on the sets that are watched; true when this is the best checkpoint so far.</summary>
    private bool Evaluate(Step step)
    {
        var masks = BringToSparsity(step);
        IReadOnlyList<Score> dev = [.. _workload.ScoreDev().Select(score => score with { CheckpointStep = step.Index })];
        var others = _workload.ScoreOthers().Select(score => score with { CheckpointStep = step.Index });
        _inputs.Journal.Append(new Evaluated(_inputs.Stage, step.Index, [.. dev, .. others]));
        if (masks is not null)
            LogSparsity(step, masks);
        RequireFinite(step, "dev loss", dev.First(score => score is { Slice: "all", Metric: "loss" }).Value);
        var selection = _workload.Selection(dev);
        return MayBeChosen(step) && _checkpoint.OfferBest(step.Index, selection);
    }

    private bool MayBeChosen(Step step) =>
        step.IsLast || (step.Progress >= _workload.SelectFrom && _inputs.Pruning?.Method.MayBeChosen(step) is not false);

    private MaskSet? BringToSparsity(Step step)
    {
        if (_inputs.Pruning is not { } pruning)
            return null;
        pruning.Method.BeforeEvaluation(pruning.Model, step);
        return pruning.Method.Masks(pruning.Model);
    }

    // The papers' denominator first, then the wider ones.
    private void LogSparsity(Step step, MaskSet masks) => _inputs.Journal.Append(new StepMeasured(_inputs.Stage, step.Index, _budget.TotalSteps, new SortedDictionary<string, double>(StringComparer.Ordinal)
    {
        ["prune/sparsity"] = masks.EncoderSparsity,
        ["prune/sparsity_encoder_and_pooler"] = masks.EncoderAndPoolerSparsity,
        ["prune/sparsity_all_masked"] = masks.MaskedSparsity,
    }));

    private LabException Diverged(Step step, string what, double value) => new(
        ProblemCode.TrainingDiverged,
        $"{_inputs.Stage}: the {what} is {value} at step {step.Index}. Lower learning_rate ({_spec.LearningRate}) or lengthen warmup_steps ({_spec.WarmupSteps}); the last checkpoint before it is kept in the stage's folder.");
}
