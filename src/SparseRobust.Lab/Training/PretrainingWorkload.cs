// Shapes: B batch, M masked tokens of the batch, V vocabulary.
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Training;

/// <summary>What a pre-training learns from. Owned by the stage that made it.</summary>
internal sealed record PretrainingInputs
{
    public required PretrainingSpec Spec { get; init; }

    public required BertForPreTraining Model { get; init; }

    public required CorpusTokens Corpus { get; init; }

    /// <summary>The corpus in scores.</summary>
    public required string CorpusName { get; init; }

    public required int MaxLength { get; init; }

    public required int DevEvery { get; init; }

    public required long Seed { get; init; }

    public required Device Device { get; init; }
}

/// <summary>BERT's two pre-training tasks on a text: L = L_MLM + L_NSP, each a mean cross-entropy, over the masked tokens and the pairs of an update.</summary>
/// <remarks>Source: Devlin et al. (2019), sec. 3.1 and A.2. The last checkpoint is the chosen one: the loss falls to the end, where the learning rate is 0.</remarks>
internal sealed class PretrainingWorkload : Workload
{
    private readonly PretrainingInputs _inputs;
    private readonly PretrainingSpec _spec;
    private readonly PretrainingSchedule _schedule;
    private readonly PretrainingDev _dev;

    public PretrainingWorkload(PretrainingInputs inputs)
    {
        _inputs = inputs;
        _spec = inputs.Spec;
        _schedule = new PretrainingSchedule(inputs.Corpus, _spec, (inputs.MaxLength, inputs.DevEvery, inputs.Seed));
        _dev = new PretrainingDev(inputs);
        Budget = _schedule.Budget;
    }

    public override nn.Module Model => _inputs.Model;

    public override Budget Budget { get; }

    public override double SelectFrom => 1;

    public override IEnumerable<MicroBatch> Batches(Step step)
    {
        var (examples, rows) = _schedule.Of(step.Index - 1);
        var parts = new List<PretrainingBatch>();
        for (var start = 0; start < rows.Length; start += _spec.PerDeviceTrainBatchSize)
            parts.Add(PretrainingBatch.Of(examples, rows.Span.Slice(start, _spec.PerDeviceTrainBatchSize), padTo: 0, _inputs.Device));
        var masked = parts.Sum(part => part.MaskedLabels_M.numel());
        return parts.Select(part => new MicroBatch(
            (int)part.NextSentence_B.numel(), part.Tokens, checked((int)part.Ids_BL.numel()), () => Loss(part, (part.MaskedLabels_M.numel() / (double)masked, part.NextSentence_B.numel() / (double)rows.Length))));
    }

    public override IReadOnlyList<Score> ScoreDev() => _dev.Score(_spec.EvalExamples, CancellationToken.None);

    /// <summary>As <see cref="ScoreDev"/>, over the whole dev part.</summary>
    public IReadOnlyList<Score> ScoreWholeDev(CancellationToken cancellation) => _dev.Score(int.MaxValue, cancellation);

    public override double Selection(IReadOnlyList<Score> dev) => dev.First(score => score.Metric == PretrainingDev.MlmAccuracy).Value;

    private LossTerms Loss(PretrainingBatch batch, (double Masked, double Pairs) share)
    {
        var (tokens_MV, nextSentence_B2) = Outputs(batch);
        var mlm = FusedOperators.CrossEntropyWithBias(tokens_MV.to_type(ScalarType.Float32), batch.MaskedLabels_M, null) * share.Masked;
        var nsp = FusedOperators.CrossEntropyWithBias(nextSentence_B2.to_type(ScalarType.Float32), batch.NextSentence_B, null) * share.Pairs;
        return new LossTerms(mlm + nsp) { Measures = [("train/mlm_loss", mlm), ("train/nsp_loss", nsp)] };
    }

    private (Tensor Tokens_MV, Tensor NextSentence_B2) Outputs(PretrainingBatch batch)
    {
        using var mixed = _spec.Bf16 ? Engine.MixedPrecision(_inputs.Device) : null;
        return _inputs.Model.Outputs(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL, batch.MaskedPositions_M);
    }
}
