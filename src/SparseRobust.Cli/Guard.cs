using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Cli;

/// <summary>Runs a command's work on a compute thread of its own, turns Ctrl-C into cancellation and failures into messages and exit codes.</summary>
internal static class Guard
{
    private const int ComputeStackBytes = 16 << 20;

    public static int Run(bool json, Action<CancellationToken> work)
    {
        using var cancel = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        // A closed terminal is a wish to stop like Ctrl-C.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            OnComputeThread(() => work(cancel.Token));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            Report(json, "Cancelled", "Stopped. What was finished is kept, a training under way has written a checkpoint; the same command goes on from there.", []);
            return ExitCode.Cancelled;
        }
        catch (LabException e)
        {
            Report(json, e.Code.ToString(), e.Message, e is RecipeInvalidException invalid ? invalid.Faults : []);
            return ExitCode.Of(e.Code);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(json, ProblemCode.FileInaccessible.ToString(), $"{e.Message} Check the path and its permissions.", []);
            return ExitCode.Of(ProblemCode.FileInaccessible);
        }
        catch (Exception e)
        {
            Report(json, "Unexpected", $"{e.GetType().Name}: {e.Message} This is a defect: please report it with the text below.", []);
            Console.Error.WriteLine(e);
            return ExitCode.Unexpected;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancel.Cancel();
        }
    }

    private static void OnComputeThread(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }, ComputeStackBytes)
        { Name = "compute" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Report(bool json, string code, string message, IReadOnlyList<Fault> faults)
    {
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new { problem = code, message, faults = faults.Select(fault => new { path = fault.Path, message = fault.Message }) }));
        else
            Console.Error.WriteLine($"{code}: {message}");
    }
}
