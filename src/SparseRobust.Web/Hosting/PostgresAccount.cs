using System.Diagnostics;

namespace SparseRobust.Web.Hosting;

/// <summary>The user PostgreSQL runs as: us, unless we are root, whom it refuses; then the user <c>postgres</c> that its package makes.</summary>
internal static class PostgresAccount
{
    private const string User = "postgres";

    public static string? Name => Environment.IsPrivilegedProcess ? User : null;

    /// <summary>Refuses a data folder that PostgreSQL's user cannot get into.</summary>
    public static void RequireAccess(string folder)
    {
        if (Name is null) return;
        if (!Succeeds("id", "-u", User))
            throw HostingException.Database($"PostgreSQL does not run as root, and there is no user '{User}'. Its package makes one: {PostgresBinaries.Install}. Or start the server as another user.");
        if (!CanReach(folder))
            throw HostingException.Database($"The user '{User}', as which PostgreSQL runs when the server is started by root, cannot get into '{folder}': a folder on the way is closed to others. Open it (chmod o+x), choose another data folder, or start the server as another user.");
    }

    /// <summary>Whether that user can pass through the folder, or through the nearest one above that exists.</summary>
    public static bool CanReach(string folder)
    {
        if (Name is null) return true;
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing)) existing = Path.GetDirectoryName(existing)!;
        return Succeeds("setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", "--", "test", "-x", existing);
    }

    /// <summary>Gives a file or a whole folder of ours to that user.</summary>
    public static void Give(string path)
    {
        if (Name is not null && !Succeeds("chown", "-R", $"{User}:{User}", path))
            throw HostingException.Database($"'{path}' cannot be given to the user '{User}' (chown failed). Choose a data folder on a local file system.");
    }

    private static bool Succeeds(string program, params ReadOnlySpan<string> arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
