namespace SparseRobust.Torch.Scopes;

/// <summary>Counts the tensors that are alive, so that a test or a health page can see a leak.</summary>
/// <remarks>A tensor counts for the thread that made it, wherever it is disposed. Thread-safe.</remarks>
public static class TensorCensus
{
    private static readonly Lock Gate = new();
    private static readonly List<Counter> Counters = [];

    [ThreadStatic]
    private static Counter? t_counter;

    /// <summary>The number of live tensor objects which the calling thread has made.</summary>
    public static long Live => Interlocked.Read(ref Mine().Count);

    /// <summary>The number of live tensor objects in the process.</summary>
    public static long Total
    {
        get
        {
            lock (Gate)
            {
                var total = 0L;
                foreach (var counter in Counters)
                    total += Interlocked.Read(ref counter.Count);
                return total;
            }
        }
    }

    internal static Counter Enter()
    {
        var counter = Mine();
        Interlocked.Increment(ref counter.Count);
        return counter;
    }

    internal static void Leave(Counter counter) => Interlocked.Decrement(ref counter.Count);

    private static Counter Mine() => t_counter ?? Register();

    private static Counter Register()
    {
        var counter = new Counter();
        lock (Gate)
        {
            Counters.RemoveAll(c => c.Owner is { IsAlive: false } && Interlocked.Read(ref c.Count) == 0);
            Counters.Add(counter);
        }
        return t_counter = counter;
    }

    /// <summary>One thread's count.</summary>
    internal sealed class Counter
    {
        internal long Count;

        internal Thread Owner { get; } = Thread.CurrentThread;
    }
}
