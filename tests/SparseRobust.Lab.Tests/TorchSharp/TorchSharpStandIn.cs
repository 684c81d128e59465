namespace SparseRobust.Lab.Tests.TorchSharp;

/// <summary>
/// An assembly called TorchSharp, made of our binding's sources with TorchSharp's namespaces. Every member that it has there is
/// on the lists which SurfaceTests pins; our additions have other namespaces, which the laboratory cannot name.
/// </summary>
public sealed class TorchSharpStandIn : IDisposable
{
    // What only TorchSharp has: the code that takes an addition's place uses it.
    private const string OnlyInTorchSharp = """
        namespace TorchSharp
        {
            public class ThreadDisposeScopeStatistics { public long ThreadTotalLiveCount => 0; }
            public class DisposeScopeManager { public static ThreadDisposeScopeStatistics Statistics => new(); }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("torchsharp").FullName;
    private readonly string _assembly;

    /// <summary>Compiles the assembly.</summary>
    public TorchSharpStandIn()
    {
        Project = Compiler.Evaluate("TorchSharpPackage=0.0.1");
        _assembly = Path.Combine(_folder, "TorchSharp.dll");
        var usings = Project.Items("Using", "Static").Where(item => item.Name.StartsWith("System", StringComparison.Ordinal)).Select(item => $"global using {item.Name};\n");
        var sources = ArchitectureSources.CSharp.Where(file => file.Project == "SparseRobust.Torch")
            .Select((file, index) => Write($"{index}.cs", file.Text.Replace("SparseRobust.Torch", "TorchSharp", StringComparison.Ordinal)));
        ArchitectureSources.AssertNone(Project.Compile(
            _assembly, [.. sources, Write("Usings.cs", string.Concat(usings)), Write("OnlyInTorchSharp.cs", OnlyInTorchSharp)], "/refonly"));
    }

    /// <summary>The laboratory's project with the package asked for.</summary>
    internal Compiler Project { get; }

    /// <summary>Compiles files against the assembly, as the laboratory's project would.</summary>
    /// <returns>The errors; empty when the sources compile.</returns>
    internal IReadOnlyList<string> Compile(string name, IEnumerable<string> files) =>
        Project.Compile(Path.Combine(_folder, name + ".dll"), files, $"/define:{Project.Property("DefineConstants")}", $"/r:\"{_assembly}\"");

    /// <summary>Writes a source file beside the assembly.</summary>
    internal string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
