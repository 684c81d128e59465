namespace SparseRobust.Web.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SparseRobustWeb.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No SparseRobustWeb.sln above {AppContext.BaseDirectory}.");
    }
}
