namespace SparseRobust.Lab.Models;

/// <summary>An architecture with all its settings: it can be built.</summary>
public abstract record ArchitectureSpec : ModelSpec
{
    /// <summary>What config.json says beside the settings because there is no choice.</summary>
    internal virtual IReadOnlyList<(string Name, string Value)> Fixed => [];

    /// <summary>Id of the padding token, whose row of the word table starts at zero.</summary>
    internal virtual int PadId => 0;

    /// <summary>Width of the word embeddings.</summary>
    internal abstract int WordWidth { get; }

    /// <summary>Width of the output from which the logits are computed.</summary>
    internal abstract int PooledWidth { get; }

    /// <summary>Layers of the encoder; 0 when there is none.</summary>
    internal abstract int Layers { get; }

    /// <summary>Numbers in the matrices that grow with the product of two widths, without the word table: about what building it allocates, for whoever does not trust the settings.</summary>
    internal virtual long MatrixNumbers => 4L * Layers * WordWidth * WordWidth;

    /// <summary>The model, with weights drawn from the process's random generator.</summary>
    internal abstract TextClassifier Build(int vocabularySize, int classes);

    /// <summary>The model with the heads of pre-training, likewise.</summary>
    internal virtual BertForPreTraining BuildForPreTraining(int vocabularySize) => throw new NotSupportedException($"{GetType().Name} has no heads for pre-training.");
}
