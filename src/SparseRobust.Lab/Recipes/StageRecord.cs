using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>What stage.json holds: that the output is whole, what it is and where it comes from.</summary>
/// <param name="Stage">Name.</param>
/// <param name="Hash">Folder under stages/.</param>
/// <param name="Seed">The run's seed; null when the output does not depend on it.</param>
/// <param name="WallSeconds">Seconds of the attempt that finished it.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="Engine">LibTorch, BLAS, core type, fused kernels and threads.</param>
/// <param name="GitCommit">Commit the program was built from.</param>
/// <param name="RunId">The run that finished it.</param>
/// <param name="JournalSequence">Where that run's journal says so.</param>
/// <param name="Files">SHA-256 of each file by name, without the stage's journal: its events carry times.</param>
internal sealed record StageRecord(
    string Stage, string Hash, long? Seed, double WallSeconds, string Device, string Engine, string GitCommit, string RunId, long JournalSequence, SortedDictionary<string, string> Files)
{
    /// <summary>The record of a folder whose output is whole, published or not; null while it is not.</summary>
    public static StageRecord? Load(string folder)
    {
        var path = Path.Combine(folder, StageStore.StageFile);
        return File.Exists(path) ? LabJson.Read<StageRecord>(path) : null;
    }

    /// <summary>The files that are the stage's output.</summary>
    public static SortedDictionary<string, string> HashesOf(string folder) => new(
        Directory.GetFiles(folder).Where(IsOutput).ToDictionary(path => Path.GetFileName(path), ContentHash.OfFile), StringComparer.Ordinal);

    private static bool IsOutput(string path) => !Checkpoint.IsCheckpointFile(path) && Path.GetFileName(path) != StageJournal.FileName;
}
