namespace SparseRobust.Web.Sweeps;

/// <summary>What the web role needs of this feature.</summary>
internal static class SweepServices
{
    public static void AddSweeps(this IServiceCollection services) => services.AddSingleton<SweepLauncher>().AddSingleton<SweepActions>();
}
