using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Training;

/// <summary>One training: objective, length, optimiser, evaluation. Names follow Hugging Face's TrainingArguments.</summary>
/// <remarks>Source of defaults: Win-win Deal, Table 3 and the authors' scripts (MNLI): AdamW, betas 0.9 / 0.999, eps 1e-8, no weight decay, linear warm-up and decay,
/// batch 32, global gradient norm 1.</remarks>
public sealed record TrainingSpec : OptimizationSpec
{
    // Fields that are seldom set stand after the optimiser's.
    private const int Seldom = 1;

    /// <summary>The loss.</summary>
    public ObjectiveSpec Objective { get; init; } = new CrossEntropySpec();

    /// <summary>Passes over the training rows; may be fractional.</summary>
    [Range(0.0001, 10000.0)]
    public double NumTrainEpochs { get; init; } = 3;

    /// <summary>
    /// How long the rows of a batch are made: longest pads to the batch's longest row, max_length to the recipe's max_length, as the papers do. It costs time,
    /// not accuracy: logits and gradients are the same up to rounding, and only the random draws of dropout differ.
    /// </summary>
    [JsonPropertyOrder(Seldom)]
    public Padding Padding { get; init; } = Padding.Longest;

    /// <summary>
    /// Batches made of rows of like length, to save padding: each so many batches of the shuffled rows are sorted by length, cut again, and all batches shuffled.
    /// Every row still comes once an epoch, but the rows of a batch are no longer independent. 0, the default, is off; 50 is what Hugging Face's group_by_length
    /// takes. Saves nothing below 2, or with padding max_length.
    /// </summary>
    [Range(0, 1_000_000)]
    [JsonPropertyOrder(Seldom)]
    public int GroupByLengthBatches { get; init; }

    /// <summary>Only evaluations at or after this share of the training may become the chosen checkpoint (the paper's start_step_ratio: 0.7 for masks on a fine-tuned model).</summary>
    [Range(0.0, 1.0)]
    [JsonPropertyOrder(Seldom)]
    public double SelectFrom { get; init; }

    /// <summary>
    /// Updates of a fine-tuning between the moments whose weights are kept beside the chosen ones, so that searches can start from them (start_steps). Costs a copy of the model on disk
    /// for each; the training is the same. 0, the default, keeps none.
    /// </summary>
    [Range(0, 1_000_000_000)]
    [JsonPropertyOrder(Seldom)]
    public int KeepEverySteps { get; init; }

    /// <summary>Rows of the fixed stratified sample on which out-of-distribution sets are evaluated during training.</summary>
    [Range(1, 1_000_000)]
    [JsonPropertyOrder(Seldom)]
    public int OutOfDistributionSampleRows { get; init; } = 1200;

    /// <summary>How many times weights are kept.</summary>
    /// <param name="trainingRows">Rows of the training set, at least 1.</param>
    internal int KeptTimes(int trainingRows) => KeepEverySteps == 0 ? 0 : StepsFor(trainingRows) / KeepEverySteps;

    internal override int StepsFor(int trainingRows) => BudgetFor(trainingRows).TotalSteps;

    internal Budget BudgetFor(int trainingRows) => Budget.Of(trainingRows, RowsAnUpdate, NumTrainEpochs);
}
