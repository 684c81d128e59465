using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Pretraining;

namespace SparseRobust.Lab.Training;

/// <summary>A pre-training of BERT on masked tokens and next sentences.</summary>
/// <remarks>Source of defaults: Devlin et al. (2019), A.2: learning rate 1e-4, linear warm-up over the first 1 % of the updates and linear decay, weight decay 0.01, betas 0.9 / 0.999,
/// 256 rows an update; AdamW's epsilon 1e-6 and gradient norm 1 as in the authors' code. Deviates: theirs runs 1,000,000 updates and leaves biases and LayerNorms out of weight decay.</remarks>
public sealed record PretrainingSpec : OptimizationSpec
{
    /// <summary>BERT's values where they differ from those of fine-tuning.</summary>
    public PretrainingSpec()
    {
        PerDeviceTrainBatchSize = 256;
        LearningRate = 1e-4;
        WarmupSteps = 0.01;
        WeightDecay = 0.01;
        AdamEpsilon = 1e-6;
    }

    /// <summary>Updates in all; the learning rate ends at 0 with the last.</summary>
    [JsonPropertyOrder(-1)]
    [Range(1, 1_000_000_000)]
    public int MaxSteps { get; init; } = 10_000;

    /// <summary>Length of the examples of the first updates, special tokens included: short ones are cheaper and teach as much at first. 0, the default: all are as long as max_length.
    /// BERT pre-trains on 128 of 512 tokens for 90 % of its updates.</summary>
    [Range(0, 8192)]
    public int ShortSequenceLength { get; init; }

    /// <summary>Share of the updates that see short examples, where short_sequence_length is set.</summary>
    [Range(0.0, 1.0)]
    public double ShortSequenceShare { get; init; } = 0.9;

    /// <summary>How tokens are masked.</summary>
    public MaskingSpec Masking { get; init; } = new();

    /// <summary>Examples of the dev part that are evaluated during training, always the same; all of them at the end.</summary>
    [Range(1, 100_000_000)]
    public int EvalExamples { get; init; } = 2000;

    /// <summary>Updates with short examples; the rest see examples of max_length.</summary>
    internal int ShortSteps => ShortSequenceLength == 0 ? 0 : (int)Math.Floor((decimal)ShortSequenceShare * MaxSteps);

    internal override int StepsFor(int trainingRows) => MaxSteps;
}
