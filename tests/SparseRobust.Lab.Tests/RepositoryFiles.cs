namespace SparseRobust.Lab.Tests;

/// <summary>Paths inside the checkout.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Fixture(params string[] parts) => Path.Combine([Root, "tests", "Fixtures", .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SparseRobustWeb.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run inside a checkout.");
    }
}
