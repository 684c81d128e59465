using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Training;

/// <summary>One training: objective, length, optimiser, evaluation. Names follow Hugging Face's TrainingArguments.</summary>
/// <remarks>Source of defaults: Win-win Deal, Table 3 and the authors' scripts (MNLI): AdamW, betas 0.9 / 0.999, eps 1e-8, no weight decay, linear warm-up and decay,
/// batch 32, global gradient norm 1.</remarks>
public sealed record TrainingSpec
{
    /// <summary>The loss.</summary>
    public ObjectiveSpec Objective { get; init; } = new CrossEntropySpec();

    /// <summary>Passes over the training rows; may be fractional.</summary>
    [Range(0.0001, 10000.0)]
    public double NumTrainEpochs { get; init; } = 3;

    /// <summary>Rows an update; the last batch of an epoch may be smaller.</summary>
    [Range(1, 65536)]
    public int PerDeviceTrainBatchSize { get; init; } = 32;

    /// <summary>
    /// How long the rows of a batch are made: longest pads to the batch's longest row, max_length to the recipe's max_length, as the papers do. It costs time,
    /// not accuracy: logits and gradients are the same up to rounding, and only the random draws of dropout differ.
    /// </summary>
    public Padding Padding { get; init; } = Padding.Longest;

    /// <summary>
    /// Batches made of rows of like length, to save padding: each so many batches of the shuffled rows are sorted by length, cut again, and all batches shuffled.
    /// Every row still comes once an epoch, but the rows of a batch are no longer independent. 0, the default, is off; 50 is what Hugging Face's group_by_length
    /// takes. Saves nothing below 2, or with padding max_length.
    /// </summary>
    [Range(0, 1_000_000)]
    public int GroupByLengthBatches { get; init; }

    /// <summary>Peak learning rate.</summary>
    [Range(1e-9, 10.0)]
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Updates of warm-up; a value below 1 is a share of all updates.</summary>
    [Range(0.0, 1e9)]
    public double WarmupSteps { get; init; }

    /// <summary>Decoupled weight decay, on every trained tensor: biases and LayerNorms too, which Hugging Face's trainer leaves out. The paper uses 0.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; }

    /// <summary>AdamW's beta 1.</summary>
    [Range(0.0, 0.99999)]
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>AdamW's beta 2.</summary>
    [Range(0.0, 0.9999999)]
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>AdamW's epsilon.</summary>
    [Range(1e-12, 1.0)]
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Gradients are scaled down to this global norm; 0 turns clipping off.</summary>
    [Range(0.0, 1e6)]
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Mixed precision: matrix products in bfloat16 (8 significant bits, the range of fp32), all else in fp32: weights, gradients, AdamW's moments and mask scores,
    /// LayerNorm, softmax and the loss. Evaluation and prediction are fp32 either way, so scores never depend on the precision of their computation. Pays on GPUs
    /// from Ampere on and on processors with AVX-512.</summary>
    public bool Bf16 { get; init; }

    /// <summary>Updates between evaluations on the dev set and the out-of-distribution samples; one more follows the last update.</summary>
    [Range(1, 1_000_000_000)]
    public int EvalSteps { get; init; } = 1000;

    /// <summary>Only evaluations at or after this share of the training may become the chosen checkpoint (the paper's start_step_ratio: 0.7 for masks on a fine-tuned model).</summary>
    [Range(0.0, 1.0)]
    public double SelectFrom { get; init; }

    /// <summary>Rows of the fixed stratified sample on which out-of-distribution sets are evaluated during training.</summary>
    [Range(1, 1_000_000)]
    public int OutOfDistributionSampleRows { get; init; } = 1200;
}
