using System.Globalization;
using System.Reflection;

namespace SparseRobust.Web.Hosting;

/// <summary>How this program starts itself as a worker.</summary>
internal static class WorkerCommand
{
    public static string NodeName(int index) => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{index}");

    /// <summary>This program in the train role, named after the machine and its index, followed by further arguments.</summary>
    public static ChildProcessStart ForThisProgram(int index, params ReadOnlySpan<string> further)
    {
        string[] role = ["--roles", "train", "--node-name", NodeName(index), .. further];
        var program = Environment.ProcessPath!;
        var runsUnderDotnet = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.Ordinal);
        return new(program, runsUnderDotnet ? [Assembly.GetEntryAssembly()!.Location, .. role] : [.. role]);
    }
}
