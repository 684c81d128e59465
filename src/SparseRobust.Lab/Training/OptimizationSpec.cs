using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Training;

/// <summary>How the weights of a training are updated, whatever it learns. Names follow Hugging Face's TrainingArguments.</summary>
public abstract record OptimizationSpec
{
    /// <summary>Rows of one forward and backward pass. An update takes gradient_accumulation_steps times as many; the last of an epoch may take fewer.</summary>
    [Range(1, 65536)]
    public int PerDeviceTrainBatchSize { get; init; } = 32;

    /// <summary>
    /// Passes whose gradients are added up for one update, to train with batches that do not fit into memory. The loss of an update is the mean over all its rows;
    /// an objective that normalises within a batch (example reweighting) does so within each pass. Default 1.
    /// </summary>
    [Range(1, 4096)]
    public int GradientAccumulationSteps { get; init; } = 1;

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

    /// <summary>Rows of one update.</summary>
    [JsonIgnore]
    public int RowsAnUpdate => PerDeviceTrainBatchSize * GradientAccumulationSteps;

    /// <summary>Updates in all.</summary>
    /// <param name="trainingRows">Rows of the training set, at least 1.</param>
    internal abstract int StepsFor(int trainingRows);
}
