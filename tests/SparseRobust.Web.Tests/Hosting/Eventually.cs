using System.Diagnostics;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>Waits for what other processes do; fails only when it does not happen at all.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(2);

    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(condition, () => what);

    public static Task HoldsAsync(Func<bool> condition, Func<string> what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Never, $"Never happened: {what()}");
            await Task.Delay(20);
        }
    }
}
