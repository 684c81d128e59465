using System.Reflection;

namespace SparseRobust.Web.Hosting;

internal static class ProductVersion
{
    /// <summary>0.1.0+commit.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
