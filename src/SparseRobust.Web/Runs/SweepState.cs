namespace SparseRobust.Web.Runs;

/// <summary>What was asked of a sweep; how far it is follows from its runs.</summary>
internal static class SweepState
{
    public const string Active = "active";
    public const string Paused = "paused";
    public const string Cancelled = "cancelled";
}
