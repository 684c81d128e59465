namespace SparseRobust.Web.Hosting;

/// <summary>How long to wait before starting again what has ended: the shortest wait at first, doubled while it ends soon after each start.</summary>
internal sealed class RestartDelay(TimeSpan shortest, TimeSpan longest)
{
    private static readonly TimeSpan EndedAtOnce = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RanWell = TimeSpan.FromMinutes(1);

    private TimeSpan? _next;

    /// <summary>The wait after an end, given how long the process had lived.</summary>
    public TimeSpan After(TimeSpan lived)
    {
        var delay = lived >= RanWell ? shortest : _next ?? shortest;
        _next = lived >= EndedAtOnce ? delay : delay * 2 < longest ? delay * 2 : longest;
        return delay;
    }
}
