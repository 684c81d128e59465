using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class WorkerSupervisorTests
{
    private static readonly ChildProcessStart Sleeper = new("sleep", ["1000"]);

    private static WorkerSupervisor Supervise(WorkerSupervisorOptions options) => new(options, NullLogger<WorkerSupervisor>.Instance, new HurriedTime());

    private static async Task<WorkerSupervisor> Running(WorkerSupervisorOptions options)
    {
        var supervisor = Supervise(options);
        await supervisor.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => supervisor.Workers.All(worker => worker.ProcessId is not null), "all workers run");
        return supervisor;
    }

    private static Task Stop(WorkerSupervisor supervisor) => supervisor.StopAsync(CancellationToken.None);

    private static ChildProcessStart Shell(string script) => new("sh", ["-c", script]);

    [Fact]
    public async Task Each_worker_is_a_process_with_its_own_arguments()
    {
        using var folder = new OpenFolder();
        using var supervisor = await Running(new(2, index => Shell($"touch {folder.Inside($"worker-{index}")}; exec sleep 1000")));
        await Eventually.HoldsAsync(() => Directory.GetFiles(folder.Path).Length == 2, "both workers ran their script");
        Assert.Equal([0, 1], supervisor.Workers.Select(worker => worker.Index));
        Assert.Equal(2, supervisor.Workers.Select(worker => worker.ProcessId).Distinct().Count());
        Assert.All(supervisor.Workers, worker => Assert.NotNull(worker.Started));
        await Stop(supervisor);
    }

    [Fact]
    public async Task A_killed_worker_is_started_again()
    {
        using var supervisor = await Running(new(1, _ => Sleeper));
        var first = supervisor.Workers[0].ProcessId!.Value;
        ChildProcess.Signal(first, UnixSignal.Kill);
        await Eventually.HoldsAsync(() => supervisor.Workers[0] is { ProcessId: { } next } && next != first, "another process runs");
        Assert.Equal(1, supervisor.Workers[0].Restarts);
        Assert.Equal(137, supervisor.Workers[0].LastExitCode);
        await Stop(supervisor);
    }

    [Fact]
    public async Task A_worker_that_cannot_start_is_tried_again_and_again()
    {
        using var supervisor = Supervise(new(1, _ => new("sh", []) { WorkingDirectory = "/nowhere" }));
        await supervisor.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => supervisor.Workers[0].Restarts >= 3, "three restarts");
        Assert.Null(supervisor.Workers[0].ProcessId);
        await Stop(supervisor);
    }

    [Fact]
    public async Task A_worker_yields_the_processor_to_the_server()
    {
        using var supervisor = await Running(new(1, _ => Sleeper));
        var worker = supervisor.Workers[0].ProcessId!.Value;
        var ours = int.Parse(ChildProcessTests.Stat(Environment.ProcessId)[16], CultureInfo.InvariantCulture);
        var expected = Math.Min(19, ours + 5).ToString(CultureInfo.InvariantCulture);
        await Eventually.HoldsAsync(() => ChildProcessTests.Stat(worker)[16] == expected, $"niceness {expected}");
        await Stop(supervisor);
    }

    [Fact]
    public async Task Stopping_lets_a_worker_end_by_itself()
    {
        using var folder = new OpenFolder();
        using var supervisor = await Running(new(1, _ => Shell($"trap 'exit 7' TERM; touch {folder.Inside("ready")}; while :; do sleep 0.05; done")) { StopTimeout = TimeSpan.FromHours(2) });
        await Eventually.HoldsAsync(() => File.Exists(folder.Inside("ready")), "the worker listens to signals");
        await Stop(supervisor);
        Assert.Equal(new WorkerStatus(0, null, null, 0, 7), supervisor.Workers[0]);
    }

    [Fact]
    public async Task Stopping_kills_a_worker_that_does_not_end()
    {
        using var folder = new OpenFolder();
        using var supervisor = await Running(new(1, _ => Shell($"trap '' TERM; touch {folder.Inside("ready")}; while :; do sleep 0.05; done")));
        await Eventually.HoldsAsync(() => File.Exists(folder.Inside("ready")), "the worker ignores signals");
        await Stop(supervisor);
        Assert.Equal(137, supervisor.Workers[0].LastExitCode);
    }

    [Fact]
    public async Task A_frozen_worker_is_killed_and_started_again()
    {
        var asked = 0;
        using var supervisor = await Running(new(2, _ => Sleeper)
        {
            IsFrozen = (index, _) => Task.FromResult(index == 1 && Interlocked.Increment(ref asked) == 3),
        });
        await Eventually.HoldsAsync(() => supervisor.Workers[1] is { Restarts: 1, ProcessId: not null }, "the frozen worker was replaced");
        Assert.Equal(137, supervisor.Workers[1].LastExitCode);
        Assert.Equal(0, supervisor.Workers[0].Restarts);
        await Stop(supervisor);
    }

    [Fact]
    public async Task A_worker_of_which_nothing_is_known_is_left_alone()
    {
        var asked = 0;
        using var supervisor = await Running(new(1, _ => Sleeper)
        {
            IsFrozen = (_, _) => Interlocked.Increment(ref asked) > 0 ? throw new InvalidOperationException("no database") : Task.FromResult(true),
        });
        var worker = supervisor.Workers[0];
        await Eventually.HoldsAsync(() => asked >= 4, "it was asked about four times");
        Assert.Equal(worker, supervisor.Workers[0]);
        await Stop(supervisor);
    }

    [Fact]
    public void A_worker_of_this_program_has_the_train_role_and_a_name()
    {
        var start = WorkerCommand.ForThisProgram(3, "--data", "/somewhere");
        Assert.Equal(Environment.ProcessPath, start.FileName);
        Assert.Equal(["--roles", "train", "--node-name", $"{Environment.MachineName}-3", "--data", "/somewhere"], start.Arguments.TakeLast(6));
    }
}
