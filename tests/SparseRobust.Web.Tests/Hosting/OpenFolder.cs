namespace SparseRobust.Web.Tests.Hosting;

/// <summary>A temporary folder that the user postgres can get into, unlike the system's own temporary folders.</summary>
internal sealed class OpenFolder : IDisposable
{
    public OpenFolder() => Allow(Path, 0b111_101_101);

    public string Path { get; } = Directory.CreateTempSubdirectory("sparserobust-").FullName;

    public string Inside(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes an executable shell script.</summary>
    public void Script(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Inside(name))!);
        File.WriteAllText(Inside(name), "#!/bin/sh\n" + text + "\n");
        Allow(Inside(name), 0b111_101_101);
    }

    public static void Allow(string path, int mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    public static int Mode(string path) => OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
