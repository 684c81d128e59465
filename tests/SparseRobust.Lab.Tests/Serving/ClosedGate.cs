using SparseRobust.Lab.Serving;

namespace SparseRobust.Lab.Tests.Serving;

/// <summary>Holds a batcher's thread in an action until opened, so that a test decides what waits together.</summary>
internal sealed class ClosedGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new();

    public ClosedGate(MicroBatcher batcher) => Passed = batcher.RunAsync(_open.Wait);

    public Task Passed { get; }

    public void Open() => _open.Set();

    public void Dispose() => _open.Set();
}
