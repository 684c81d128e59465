using System.Collections.Immutable;
using System.Globalization;

namespace SparseRobust.Web.Hosting;

/// <summary>What to start as a child process and how.</summary>
internal sealed record ChildProcessStart(string FileName, ImmutableArray<string> Arguments)
{
    /// <summary>Added to the environment of this process; null removes a variable.</summary>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    public string? WorkingDirectory { get; init; }

    /// <summary>What the system sends to the child when this process dies in any way.</summary>
    public UnixSignal DeathSignal { get; init; } = UnixSignal.Kill;

    /// <summary>How much processor time it leaves to others: 0 (equal) to 19.</summary>
    public int Niceness { get; init; }

    /// <summary>The user to run as; only root may name one.</summary>
    public string? Account { get; init; }

    /// <summary>The program with its launchers. Each replaces itself by the next, so the child's process id is the program's.</summary>
    internal IReadOnlyList<string> CommandLine()
    {
        var line = new List<string>();
        if (OperatingSystem.IsLinux())
        {
            // A session of its own, or Ctrl-C in the terminal would reach the child before its server has let go of it.
            line.Add("setsid");
            if (Niceness > 0) line.AddRange(["nice", "-n", Niceness.ToString(CultureInfo.InvariantCulture)]);
            line.AddRange(["setpriv", "--pdeathsig=" + Name(DeathSignal)]);
            if (Account is not null) line.AddRange([$"--reuid={Account}", $"--regid={Account}", "--init-groups"]);
            line.Add("--");
        }

        return [.. line, FileName, .. Arguments];
    }

    private static string Name(UnixSignal signal) => signal switch
    {
        UnixSignal.Interrupt => "INT",
        UnixSignal.Quit => "QUIT",
        UnixSignal.Terminate => "TERM",
        _ => "KILL",
    };
}
