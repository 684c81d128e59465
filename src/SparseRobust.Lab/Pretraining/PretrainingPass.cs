namespace SparseRobust.Lab.Pretraining;

/// <summary>Which documents of a corpus.</summary>
internal enum CorpusPart
{
    /// <summary>Those that are trained on.</summary>
    Train,

    /// <summary>Every so many-th document, never trained on.</summary>
    Dev,
}

/// <summary>One pass over a part of a corpus: all that its examples depend on beside the corpus and the <see cref="MaskingSpec"/>.</summary>
/// <param name="Part">The documents that are read; random sentences come from them too.</param>
/// <param name="MaxLength">Most tokens an example may have, special ones included; at least 5.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epoch">From 0; each epoch packs and masks anew. An evaluation that is to be comparable always takes the same seed and epoch.</param>
internal sealed record PretrainingPass(CorpusPart Part, int MaxLength, long Seed, int Epoch)
{
    /// <summary>Document i is a dev document when i % DevEvery == DevEvery - 1; at least 2.</summary>
    public int DevEvery { get; init; } = 100;

    /// <summary>The documents of the part, ascending.</summary>
    public int[] DocumentsOf(CorpusTokens corpus) =>
        [.. Enumerable.Range(0, corpus.Documents).Where(document => document % DevEvery == DevEvery - 1 == (Part == CorpusPart.Dev))];
}
