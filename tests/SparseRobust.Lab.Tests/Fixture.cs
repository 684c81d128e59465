namespace SparseRobust.Lab.Tests;

/// <summary>Files of tests/Fixtures, found from the built test assembly upwards.</summary>
internal static class Fixture
{
    private static readonly string Root = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(System.IO.Path.Combine(folder.FullName, "tests", "Fixtures")))
                return System.IO.Path.Combine(folder.FullName, "tests", "Fixtures");
        throw new DirectoryNotFoundException($"No tests/Fixtures above {AppContext.BaseDirectory}.");
    }
}
