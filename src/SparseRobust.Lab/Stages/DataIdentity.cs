namespace SparseRobust.Lab.Stages;

/// <summary>What a plan needs to know of a setup's data, without the data.</summary>
/// <param name="Sha256s">Identities of the data files, of the vocabulary and of the pre-trained model if there is one, which are part of every stage's hash.</param>
/// <param name="TrainingRows">Rows of the training set, which decide how many updates a training has.</param>
/// <param name="Files">The files that were read; empty for generated data and random weights. While they are as they were, so is the rest.</param>
public sealed record DataIdentity(IReadOnlyList<string> Sha256s, int TrainingRows, IReadOnlyList<string> Files)
{
    /// <summary>Identity of the file or model folder that the bias model reads; part of the hash of the stages that depend on it. Null when it reads none.</summary>
    public string? BiasSourceSha256 { get; init; }
}
