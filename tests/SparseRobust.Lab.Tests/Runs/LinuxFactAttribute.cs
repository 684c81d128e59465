namespace SparseRobust.Lab.Tests.Runs;

/// <summary>A test that needs Linux and, it may be, a file of the system such as a program; skipped with the reason where it is absent.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute(string path)
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux";
        else if (!File.Exists(path)) Skip = $"needs {path}";
    }
}
