using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Stages;

/// <summary>Where a setup's data and model are read from.</summary>
/// <param name="Data">Folders of datasets.</param>
/// <param name="Models">Folders of pre-trained models.</param>
/// <param name="Cache">Where tokens are kept; null makes them for this time only.</param>
internal sealed record MaterialSources(DatasetFolders Data, ModelSearch Models, TokenCache? Cache)
{
    /// <summary>For a tokenizer.</summary>
    public VocabularySources OfVocabulary(CancellationToken cancellation) => new(Data, Cache, cancellation);
}
