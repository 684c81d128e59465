namespace SparseRobust.Lab.Runs;

/// <summary>Where the journals stood when a checkpoint was written.</summary>
/// <param name="RunId">The run that wrote it.</param>
/// <param name="RunSequence">Last event of that run's journal.</param>
/// <param name="StageSequence">Last event of the stage's own journal; null in a checkpoint of a version that kept none.</param>
internal sealed record JournalPosition(string RunId, long RunSequence, long? StageSequence);
