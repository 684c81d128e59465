namespace SparseRobust.Lab.Stages;

/// <summary>The pre-trained model that a run started from.</summary>
/// <param name="Name">As the recipe names it.</param>
/// <param name="Sha256">SHA-256 of its files' names and hashes.</param>
public sealed record PretrainedUse(string Name, string Sha256);
