using System.Text.Json;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Cli;

/// <summary>Prints each event of a run as one line of JSON.</summary>
internal sealed class JsonLines : IRunObserver
{
    public static JsonSerializerOptions Options { get; } = new(LabJson.Options) { WriteIndented = false };

    public void On(RunEvent runEvent) => Console.WriteLine(JsonSerializer.Serialize(runEvent, Options));
}
