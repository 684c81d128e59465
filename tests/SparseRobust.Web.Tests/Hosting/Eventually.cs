using System.Diagnostics;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>Waits for what other processes do; fails only when it does not happen at all.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(1);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Never, $"Never happened: {what}");
            await Task.Delay(20);
        }
    }
}
