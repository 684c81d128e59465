namespace SparseRobust.Benchmarks.Engine;

/// <summary>One way to do the same work, as a process.</summary>
internal sealed record Participant(string Name, string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    public const string OursName = "ours";
    public const string AsIsName = "Python as is";
    public const string BestName = "Python best";

    // What our program does for itself inside the process, by glibc's own means: blocks are kept, big pages are used.
    private static readonly Dictionary<string, string> TunedMalloc = new()
    {
        ["MALLOC_MMAP_MAX_"] = "0",
        ["MALLOC_TRIM_THRESHOLD_"] = "1000000000000",
        ["MALLOC_TOP_PAD_"] = "67108864",
        ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1",
    };

    public static Participant Ours() => new(OursName, "dotnet", [Checkout.CommandLine, "bench", "--json"], new Dictionary<string, string>());

    public static Participant AsIs(EnginePlan plan) => new(AsIsName, plan.Python, [Checkout.Peer("training_step.py"), "--variant", "as-is"], new Dictionary<string, string>());

    /// <summary>AdamW over lists of tensors, gradients set to none, and a tuned malloc.</summary>
    public static Participant Best(EnginePlan plan) => new(BestName, plan.Python, [Checkout.Peer("training_step.py"), "--variant", "best"], TunedMalloc);

    public static IReadOnlyList<Participant> Everyone(EnginePlan plan) => [Ours(), AsIs(plan), Best(plan)];
}
