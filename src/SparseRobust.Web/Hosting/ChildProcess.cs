using System.Diagnostics;
using System.Globalization;

namespace SparseRobust.Web.Hosting;

/// <summary>A running child that dies with this process, however this process dies.</summary>
/// <remarks>
/// The system sends the parent-death signal when the <em>thread</em> that started the child ends, so each child is started by a thread of its own
/// that waits for it. A pool thread would take PostgreSQL down minutes later, whenever the pool shrinks.
/// </remarks>
internal sealed class ChildProcess
{
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, Action<string> onLine)
    {
        _process = process;
        Id = process.Id;
        var lines = Task.WhenAll(ReadLines(process.StandardOutput, onLine), ReadLines(process.StandardError, onLine));
        Exit = AwaitExit(lines);
    }

    public int Id { get; }

    /// <summary>The exit code, 128 + n after signal n. Complete once the child has ended and what it had written has been read.</summary>
    public Task<int> Exit { get; }

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Starts a child. Its lines, of both outputs, go to <paramref name="onLine"/>, which is called from two threads.</summary>
    public static async Task<ChildProcess> StartAsync(ChildProcessStart start, Action<string> onLine)
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Live(start, onLine, started)) { IsBackground = true, Name = "Parent of " + Path.GetFileName(start.FileName) }.Start();
        return await started.Task;
    }

    /// <summary>Signals the child; nothing happens when it has ended.</summary>
    public void Signal(UnixSignal signal)
    {
        if (!HasExited) Signal(Id, signal);
    }

    /// <summary>Signals a process that may have ended. True when it was there.</summary>
    public static bool Signal(int processId, UnixSignal signal)
    {
        // .NET can only kill. kill is built into every shell, while /bin/kill is a package that a small image lacks.
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true };
        string[] arguments = ["-c", "kill -$0 $1", ((int)signal).ToString(CultureInfo.InvariantCulture), processId.ToString(CultureInfo.InvariantCulture)];
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        using var kill = Process.Start(info)!;
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    /// <summary>Waits for the end of the child, at most so long. True when it has ended.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, TimeProvider time)
    {
        try
        {
            await Exit.WaitAsync(atMost, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static void Live(ChildProcessStart start, Action<string> onLine, TaskCompletionSource<ChildProcess> started)
    {
        ChildProcess child;
        try
        {
            var process = Process.Start(Info(start))!;
            process.StandardInput.Close();
            child = new ChildProcess(process, onLine);
        }
        catch (Exception exception)
        {
            started.SetException(exception);
            return;
        }

        started.SetResult(child);
        child._process.WaitForExit();
        child._exited.SetResult(child._process.ExitCode);
    }

    private static ProcessStartInfo Info(ChildProcessStart start)
    {
        var line = start.CommandLine();
        var info = new ProcessStartInfo(line[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = start.WorkingDirectory ?? "",
        };
        foreach (var argument in line.Skip(1)) info.ArgumentList.Add(argument);
        foreach (var (name, value) in start.Environment) info.Environment[name] = value;
        return info;
    }

    // A grandchild that outlives the child keeps the pipes open, so the last lines are waited for, but not for ever.
    private async Task<int> AwaitExit(Task lines)
    {
        var code = await _exited.Task;
        await Task.WhenAny(lines, Task.Delay(LastLines));
        return code;
    }

    private static async Task ReadLines(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line) onLine(line);
    }
}
