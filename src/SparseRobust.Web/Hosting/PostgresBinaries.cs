using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SparseRobust.Web.Hosting;

/// <summary>PostgreSQL's programs as they are installed on this machine.</summary>
internal sealed record PostgresBinaries(string Folder, int Version)
{
    public const string Install = "apt-get install --no-install-recommends postgresql-15 (./run.sh does it)";

    private const string Installations = "/usr/lib/postgresql";

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Server => Path.Combine(Folder, "postgres");

    /// <summary>The programs that fit a cluster of that version, else the newest ones.</summary>
    /// <param name="folder">Where they are, or null to look for them.</param>
    /// <param name="clusterVersion">The version of a cluster that is there.</param>
    public static PostgresBinaries Find(string? folder, int? clusterVersion) =>
        folder is not null ? At(folder) : Choose(Candidates(Installations, Environment.GetEnvironmentVariable("PATH") ?? ""), clusterVersion);

    internal static PostgresBinaries Choose(IEnumerable<string> folders, int? clusterVersion) =>
        folders.Select(At).OrderByDescending(found => found.Version == clusterVersion).ThenByDescending(found => found.Version).FirstOrDefault()
        ?? throw HostingException.Database($"PostgreSQL is not installed on this machine. Install it: {Install}. Or give the server a connection string to a PostgreSQL elsewhere.");

    internal static IEnumerable<string> Candidates(string installations, string path)
    {
        var packaged = Directory.Exists(installations) ? Directory.EnumerateDirectories(installations).Select(version => Path.Combine(version, "bin")) : [];
        return packaged.Concat(path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)).Where(IsComplete).Distinct();
    }

    private static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static PostgresBinaries At(string folder)
    {
        if (!IsComplete(folder))
            throw HostingException.Database($"There are no initdb and postgres in '{folder}'. Correct that setting, or leave it out and install PostgreSQL: {Install}.");
        return new(folder, AskVersion(Path.Combine(folder, "postgres")));
    }

    private static int AskVersion(string server)
    {
        using var process = Process.Start(new ProcessStartInfo(server, "--version") { RedirectStandardOutput = true })!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var version = Regex.Match(answer, @"^postgres \(PostgreSQL\) (\d+)");
        return version.Success
            ? int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw HostingException.Database($"'{server}' does not say which PostgreSQL it is (it says '{answer.Trim()}'). Install it anew: {Install}.");
    }
}
