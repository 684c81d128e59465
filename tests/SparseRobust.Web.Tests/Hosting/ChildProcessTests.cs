using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class ChildProcessTests
{
    private readonly ConcurrentQueue<string> _lines = new();

    private Task<ChildProcess> Shell(string script, params string[] arguments) =>
        ChildProcess.StartAsync(new ChildProcessStart("sh", ["-c", script, .. arguments]), _lines.Enqueue);

    internal static bool IsAlive(int processId) =>
        File.Exists($"/proc/{processId}/stat") && Stat(processId) is { Length: > 0 } stat && stat[0] is not ("Z" or "X");

    /// <summary>The fields of /proc/n/stat from the third, the state, on.</summary>
    internal static string[] Stat(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1].Split(' ');
        }
        catch (IOException)
        {
            return []; // it has ended
        }
    }

    [Fact]
    public async Task Lines_of_both_outputs_are_read_before_the_exit_is_told()
    {
        var child = await Shell("echo out; echo err >&2; exit 3");
        Assert.Equal(3, await child.Exit);
        Assert.Equal(["err", "out"], _lines.Order(StringComparer.Ordinal));
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task Arguments_and_environment_arrive_as_they_are()
    {
        var start = new ChildProcessStart("sh", ["-c", "echo \"$0|$1|$GREETING|$HOME\"", "a b", "'$HOME'"])
        {
            Environment = ImmutableDictionary<string, string?>.Empty.Add("GREETING", "two  words").Add("HOME", null),
        };
        await (await ChildProcess.StartAsync(start, _lines.Enqueue)).Exit;
        Assert.Equal(["a b|'$HOME'|two  words|"], _lines);
    }

    [Fact]
    public async Task A_program_that_is_not_there_ends_at_once_and_says_so()
    {
        var child = await ChildProcess.StartAsync(new ChildProcessStart("/nowhere/program", []), _lines.Enqueue);
        Assert.Equal(127, await child.Exit);
        Assert.Contains(_lines, line => line.Contains("/nowhere/program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_an_error_of_the_start() =>
        await Assert.ThrowsAsync<System.ComponentModel.Win32Exception>(() =>
            ChildProcess.StartAsync(new ChildProcessStart("sh", []) { WorkingDirectory = "/nowhere" }, _lines.Enqueue));

    [Theory]
    [InlineData(UnixSignal.Interrupt, 130)]
    [InlineData(UnixSignal.Kill, 137)]
    [InlineData(UnixSignal.Terminate, 143)]
    internal async Task A_signal_ends_the_child(UnixSignal signal, int code)
    {
        // A shell that puts its jobs into the background lets them, and all they start, ignore an interrupt.
        var child = await ChildProcess.StartAsync(new ChildProcessStart("env", ["--default-signal=INT", "sleep", "1000"]), _lines.Enqueue);
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{child.Id}/cmdline") == "sleep\01000\0", "the launchers gave way to the program");
        child.Signal(signal);
        Assert.Equal(code, await child.Exit);
        child.Signal(signal);
    }

    [Fact]
    public void Signalling_nobody_is_told() => Assert.False(ChildProcess.Signal(int.MaxValue, UnixSignal.Terminate));

    [Fact]
    public async Task A_child_outlives_the_thread_that_asked_for_it()
    {
        Task<ChildProcess>? starting = null;
        var thread = new Thread(() => starting = Shell("sleep 0.5; echo alive"));
        thread.Start();
        thread.Join();
        Assert.Equal(0, await (await starting!).Exit);
        Assert.Equal(["alive"], _lines);
    }

    [Fact]
    public async Task A_child_has_a_session_of_its_own()
    {
        var child = await Shell("exec sleep 1000");
        await Eventually.HoldsAsync(() => Stat(child.Id) is [_, _, var group, var session, ..] && group == $"{child.Id}" && session == group, "the child leads its session");
        child.Signal(UnixSignal.Kill);
        Assert.Equal(137, await child.Exit);
    }

    [Fact]
    public async Task The_exit_does_not_wait_for_a_grandchild_that_keeps_the_pipe()
    {
        var child = await Shell("sleep 1000 & echo $!");
        Assert.Equal(0, await child.Exit);
        Assert.True(ChildProcess.Signal(int.Parse(Assert.Single(_lines), System.Globalization.CultureInfo.InvariantCulture), UnixSignal.Kill));
    }

    [Fact]
    public Task A_child_dies_with_its_killed_owner() => DiesWithOwner(new ChildProcessStart("sleep", ["1000"]));

    [Fact]
    public Task A_child_that_is_interrupted_at_its_owners_death_dies_too() => DiesWithOwner(new ChildProcessStart("sleep", ["1000"]) { DeathSignal = UnixSignal.Interrupt, Niceness = 5 });

    [RootFact]
    public Task A_child_under_another_account_dies_with_its_killed_owner() => DiesWithOwner(new ChildProcessStart("sleep", ["1000"]) { DeathSignal = UnixSignal.Interrupt, Account = "postgres" });

    // A shell plays the owner, since a test cannot kill its own process.
    private static async Task DiesWithOwner(ChildProcessStart start)
    {
        var info = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        // What a shell starts in the background ignores interrupts unless told otherwise.
        foreach (var argument in (string[])["-c", "env --default-signal=INT \"$@\" & echo $!; wait", "owner", .. start.CommandLine()]) info.ArgumentList.Add(argument);
        using var owner = Process.Start(info)!;
        var child = int.Parse((await owner.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{child}/cmdline") == "sleep\01000\0", "the launchers gave way to the program");
        owner.Kill();
        await Eventually.HoldsAsync(() => !IsAlive(child), "the child died with its owner");
    }
}
