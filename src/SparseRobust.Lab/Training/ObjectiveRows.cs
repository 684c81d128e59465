using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Training;

/// <summary>What an objective reads of the training rows beside their labels, as tensors; null what it does not need.</summary>
internal sealed class ObjectiveRows(ClassificationInputs inputs)
{
    /// <summary>Whether the objective declared that it reads this.</summary>
    public bool Reads(Needs needs) => inputs.Spec.Objective.Needs.HasFlag(needs);

    /// <summary>[B, C], natural logarithms.</summary>
    public Tensor? BiasLogProbs(ReadOnlySpan<int> rows) => Reads(Needs.BiasLogProbs) ? LogProbs(inputs.Bias!, rows) : null;

    /// <summary>[B, C], natural logarithms.</summary>
    public Tensor? TeacherLogProbs(ReadOnlySpan<int> rows) => Reads(Needs.TeacherLogProbs) ? LogProbs(inputs.Teacher!, rows) : null;

    private Tensor LogProbs(BiasPredictions predictions, ReadOnlySpan<int> rows)
    {
        var classes = predictions.Labels.Count;
        var values = new float[rows.Length * classes];
        for (var b = 0; b < rows.Length; b++)
            predictions.Row(rows[b]).CopyTo(values.AsSpan(b * classes));
        return tensor(values, [rows.Length, classes], device: inputs.Device);
    }
}
