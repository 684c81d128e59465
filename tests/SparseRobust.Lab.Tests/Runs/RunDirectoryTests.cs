using System.Diagnostics;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Files_lie_where_the_layout_says()
    {
        using var run = RunDirectory.Open(_root.File("out"), "0123456789ab-42");
        Assert.Equal(_root.File("out", "runs", "0123456789ab-42"), run.Folder);
        Assert.Equal(_root.File("out", "runs", "0123456789ab-42", "recipe.json"), run.RecipePath);
        Assert.Equal(_root.File("out", "runs", "0123456789ab-42", "events.jsonl"), run.JournalPath);
        Assert.Equal(_root.File("out", "runs", "0123456789ab-42", "result.json"), run.ResultPath);
        Assert.Equal(_root.File("out", "stages", "abc"), run.Stages.Path("abc"));
    }

    [Fact]
    public void A_second_opening_is_refused_and_names_the_holder()
    {
        using (RunDirectory.Open(_root.Path, "ab-1"))
        {
            var thrown = Assert.Throws<LabException>(() => RunDirectory.Open(_root.Path, "ab-1"));
            Assert.Equal(ProblemCode.RunLocked, thrown.Code);
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", thrown.Message, StringComparison.Ordinal);
            using var other = RunDirectory.Open(_root.Path, "ab-2");
        }

        using var again = RunDirectory.Open(_root.Path, "ab-1");
    }

    [LinuxFact("/usr/bin/flock")] // util-linux's flock stands for the other process
    public void The_lock_holds_against_another_process_and_ends_with_it()
    {
        using (RunDirectory.Open(_root.Path, "ab-1"))
        {
        }

        var path = _root.File("runs", "ab-1", "lock");
        using var other = Process.Start(new ProcessStartInfo("flock", [path, "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Equal(ProblemCode.RunLocked, Assert.Throws<LabException>(() => RunDirectory.Open(_root.Path, "ab-1")).Code);
        other.Kill(entireProcessTree: true);
        other.WaitForExit();
        Assert.True(SpinWait.SpinUntil(() => ProcessLock.TryTake(path) is { } taken && Release(taken), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Opening_clears_half_written_files()
    {
        Directory.CreateDirectory(_root.File("runs", "ab-1"));
        File.WriteAllText(_root.File("runs", "ab-1", ".writing-0"), "half");
        using var run = RunDirectory.Open(_root.Path, "ab-1");
        Assert.False(File.Exists(_root.File("runs", "ab-1", ".writing-0")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a.work")]
    public void An_identity_that_is_no_plain_name_is_a_callers_bug(string runId)
        => Assert.Throws<ArgumentException>(() => RunDirectory.Open(_root.Path, runId));

    private static bool Release(ProcessLock taken)
    {
        taken.Dispose();
        return true;
    }
}
