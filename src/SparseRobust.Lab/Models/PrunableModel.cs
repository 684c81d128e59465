namespace SparseRobust.Lab.Models;

/// <summary>What a prunable weight matrix does.</summary>
public enum MatrixKind
{
    /// <summary>Query projection.</summary>
    Query,

    /// <summary>Key projection.</summary>
    Key,

    /// <summary>Value projection.</summary>
    Value,

    /// <summary>Output projection of attention.</summary>
    AttentionOutput,

    /// <summary>First feed-forward matrix.</summary>
    Intermediate,

    /// <summary>Second feed-forward matrix.</summary>
    Output,

    /// <summary>Pooler.</summary>
    Pooler,

    /// <summary>Classifier.</summary>
    Classifier,
}

/// <summary>Names one prunable matrix.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Layer">Encoder layer, from 0; -1 outside the encoder.</param>
/// <param name="Name">Hugging Face parameter name, for files and people.</param>
public sealed record MatrixId(MatrixKind Kind, int Layer, string Name)
{
    /// <summary>Whether it is one of the encoder's matrices, over which sparsity is reported.</summary>
    public bool IsEncoder => Layer >= 0;
}

/// <summary>A model's prunable matrices as typed entries.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.1, and the authors' code: the six matrices of each layer, the pooler, and (mask training only) the classifier; never biases, LayerNorms or embeddings.</remarks>
internal sealed class PrunableModel
{
    public PrunableModel(TextClassifier model)
    {
        Model = model;
        Matrices = [.. model.PrunableMatrices];
    }

    public TextClassifier Model { get; }

    /// <summary>Empty for a model that cannot be pruned (<see cref="ModelSpec.IsPrunable"/>).</summary>
    public IReadOnlyList<(MatrixId Id, PrunableLinear Linear)> Matrices { get; }

    /// <summary>Encoder and pooler, and the classifier when asked for.</summary>
    public IEnumerable<(MatrixId Id, PrunableLinear Linear)> Prunable(bool withClassifier) =>
        Matrices.Where(matrix => withClassifier || matrix.Id.Kind != MatrixKind.Classifier);

    /// <summary>Sets or clears the mask of every matrix.</summary>
    public void ClearMasks()
    {
        foreach (var (_, linear) in Matrices)
            linear.Mask = null;
    }

    /// <summary>BERT's.</summary>
    internal static IEnumerable<(MatrixId, PrunableLinear)> MatricesOf(BertForSequenceClassification model)
    {
        for (var i = 0; i < model.Bert.Encoder.Layers.Length; i++)
        {
            var layer = model.Bert.Encoder.Layers[i];
            var prefix = $"bert.encoder.layer.{i}";
            yield return (new(MatrixKind.Query, i, $"{prefix}.attention.self.query.weight"), layer.Attention.Self.Query);
            yield return (new(MatrixKind.Key, i, $"{prefix}.attention.self.key.weight"), layer.Attention.Self.Key);
            yield return (new(MatrixKind.Value, i, $"{prefix}.attention.self.value.weight"), layer.Attention.Self.Value);
            yield return (new(MatrixKind.AttentionOutput, i, $"{prefix}.attention.output.dense.weight"), layer.Attention.Output.Dense);
            yield return (new(MatrixKind.Intermediate, i, $"{prefix}.intermediate.dense.weight"), layer.Intermediate.Dense);
            yield return (new(MatrixKind.Output, i, $"{prefix}.output.dense.weight"), layer.Output.Dense);
        }
        yield return (new(MatrixKind.Pooler, -1, "bert.pooler.dense.weight"), model.Bert.Pooler.Dense);
        yield return (new(MatrixKind.Classifier, -1, "classifier.weight"), model.Classifier);
    }
}
