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

    /// <summary>Pooler; BERT only.</summary>
    Pooler,

    /// <summary>First matrix of RoBERTa's head, D x D.</summary>
    ClassifierDense,

    /// <summary>Classifier: the matrix that gives the logits.</summary>
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

    /// <summary>Whether it belongs to the classifier, which starts afresh on every task.</summary>
    public bool IsHead => Kind is MatrixKind.ClassifierDense or MatrixKind.Classifier;
}
