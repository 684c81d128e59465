namespace SparseRobust.Benchmarks.Engine;

/// <summary>Where things lie in the checkout that this program was built from.</summary>
internal static class Checkout
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Root => Found.Value;

    /// <summary>Built with this program, in the same configuration.</summary>
    public static string CommandLine
    {
        get
        {
            var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.Combine(Root, "artifacts", "bin", "SparseRobust.Cli", configuration, "sparserobust.dll");
        }
    }

    public static string Results => Directory.CreateDirectory(Path.Combine(Root, "tests", "Benchmarks", "results")).FullName;

    public static string Peer(string file) => Path.Combine(Root, "tests", "Benchmarks", "peers", file);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SparseRobustWeb.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No SparseRobustWeb.sln above {AppContext.BaseDirectory}.");
    }
}
