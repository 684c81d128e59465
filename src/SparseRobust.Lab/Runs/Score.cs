using System.Text.Json.Serialization;

namespace SparseRobust.Lab.Runs;

/// <summary>One evaluated number with everything needed to trust it.</summary>
/// <param name="Dataset">Dataset name: mnli, hans.</param>
/// <param name="Split">Split name.</param>
/// <param name="Slice">The part of the split it is over: "all", or for example "heuristic=lexical_overlap,label=entailment".</param>
/// <param name="Metric">accuracy, loss, f1_positive, f1_negative, f1_weighted, matthews, ece; of grades pearson, spearman, pearson_spearman_mean, loss; of a pre-training mlm_accuracy, nsp_accuracy, mlm_loss, nsp_loss, loss; of a bias model those of its report, such as balanced_accuracy and two_class_auc.</param>
/// <param name="Value">The number; accuracies, F1, AUC and ece are in [0, 1], correlations in [-1, 1], losses at least 0.</param>
/// <param name="N">How many rows it is over.</param>
/// <param name="Sha256">Identity of the dataset.</param>
/// <param name="Sampled">True when it is over the fixed stratified sample used during training, false for the full split.</param>
/// <param name="CheckpointStep">Updates the scored weights had had in the training they come from; null when no training is scored (a bias model) or an older version wrote it.</param>
public sealed record Score(string Dataset, string Split, string Slice, string Metric, double Value, int N, string Sha256, bool Sampled, int? CheckpointStep = null)
{
    /// <summary>Whether it is what a set of its kind is first told by: accuracy, Pearson's and Spearman's correlation where rows have grades, accuracy of both tasks of pre-training. Of any slice.</summary>
    [JsonIgnore]
    public bool IsHeadline => Metric is "accuracy" or "pearson" or "spearman" or "mlm_accuracy" or "nsp_accuracy";
}
