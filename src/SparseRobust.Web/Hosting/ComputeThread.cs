using System.Collections.Concurrent;

namespace SparseRobust.Web.Hosting;

/// <summary>The one thread on which a device's tensors live: the bridge between asynchronous jobs and the synchronous laboratory (ADR 0003).</summary>
internal sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public ComputeThread(string name)
    {
        _thread = new Thread(Loop, maxStackSize: 16 << 20) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs the work after what was given before; the token is the work's own affair.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }
}
