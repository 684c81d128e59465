using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SparseRobust.Lab.Tests;

/// <summary>One source file under src.</summary>
/// <param name="Path">Path below src, with forward slashes: SparseRobust.Lab/Data/Hans.cs.</param>
/// <param name="Text">The file as it is.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public string Project => Path.Split('/')[0];

    /// <summary>Folders below the project; empty in the project's root.</summary>
    public string[] Folders => Path.Split('/')[1..^1];

    public string Name => Path.Split('/')[^1];

    public int Lines => Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    /// <summary>The text without comments; strings that hold two slashes lose their end, which no rule minds.</summary>
    public string Code { get; } = Regex.Replace(Text, @"//[^\n]*|/\*.*?\*/", "", RegexOptions.Singleline);

    public string? Namespace => Regex.Match(Code, @"^namespace ([\w.]+)", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : null;
}

/// <summary>The repository as text, which is what the architecture rules judge.</summary>
internal static class ArchitectureSources
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> CSharp { get; } = Read(".cs");

    public static IReadOnlyList<SourceFile> All { get; } = [.. CSharp, .. Read(".cpp"), .. Read(".h"), .. Read(".ts"), .. Read(".razor")];

    public static IEnumerable<SourceFile> Web => All.Where(file => file.Project == "SparseRobust.Web" && (file.Name.EndsWith(".cs", StringComparison.Ordinal) || file.Name.EndsWith(".razor", StringComparison.Ordinal)));

    public static IEnumerable<SourceFile> Lab => CSharp.Where(file => file.Project == "SparseRobust.Lab");

    public static IReadOnlyDictionary<string, XDocument> Projects { get; } = Files(".csproj")
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), XDocument.Load);

    /// <summary>Fails with every fault in full; xunit's own message would cut them short.</summary>
    public static void AssertNone(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static List<SourceFile> Read(string extension) =>
        [.. Files(extension).Select(path => new SourceFile(Path.GetRelativePath(Path.Combine(Root, "src"), path).Replace('\\', '/'), File.ReadAllText(path)))];

    private static IEnumerable<string> Files(string extension) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*" + extension, SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SparseRobustWeb.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No SparseRobustWeb.sln above {AppContext.BaseDirectory}.");
    }
}
