using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Objectives;

namespace SparseRobust.Lab.Training;

/// <summary>What an objective reads of the training rows beside their labels, as tensors; null what it does not need.</summary>
internal sealed class ObjectiveRows(TrainingInputs inputs)
{
    /// <summary>Whether the objective declared that it reads this.</summary>
    public bool Reads(Needs needs) => inputs.Spec.Objective.Needs.HasFlag(needs);

    /// <summary>[B, C], natural logarithms.</summary>
    public Tensor? BiasLogProbs(ReadOnlySpan<int> rows) => Reads(Needs.BiasLogProbs) ? LogProbs(inputs.Bias!, rows) : null;

    /// <summary>[B, C], natural logarithms.</summary>
    public Tensor? TeacherLogProbs(ReadOnlySpan<int> rows) => Reads(Needs.TeacherLogProbs) ? LogProbs(inputs.Teacher!, rows) : null;

    /// <summary>[B].</summary>
    /// <exception cref="LabException">DatasetInvalid: a row has no target.</exception>
    public Tensor? Targets(ReadOnlySpan<int> rows)
    {
        if (!Reads(Needs.Targets))
            return null;
        var values = new float[rows.Length];
        for (var b = 0; b < rows.Length; b++)
            values[b] = TargetOf(rows[b]);
        return tensor(values, device: inputs.Device);
    }

    private float TargetOf(int row)
    {
        var dataset = inputs.Train.Dataset;
        var example = dataset.Examples[row];
        return example.Target ?? throw new LabException(
            ProblemCode.DatasetInvalid, $"{dataset.Name} {dataset.Split}, row \"{example.Id}\" has no target, which a graded task learns. Use a dataset with a number for each row.");
    }

    private Tensor LogProbs(BiasPredictions predictions, ReadOnlySpan<int> rows)
    {
        var classes = predictions.Labels.Count;
        var values = new float[rows.Length * classes];
        for (var b = 0; b < rows.Length; b++)
            predictions.Row(rows[b]).CopyTo(values.AsSpan(b * classes));
        return tensor(values, [rows.Length, classes], device: inputs.Device);
    }
}
