using System.Diagnostics;
using System.Text.Json;

namespace SparseRobust.Lab.Tests.TorchSharp;

/// <summary>What MSBuild makes of the laboratory's project, and the SDK's C# compiler, which needs neither package nor network.</summary>
internal sealed class Compiler
{
    private readonly JsonElement _project;

    private Compiler(JsonElement project) => _project = project;

    /// <summary>Evaluates the laboratory's project with properties set; nothing is restored or built.</summary>
    public static Compiler Evaluate(params string[] properties)
    {
        var (code, output) = Dotnet(
            ["msbuild", Path.Combine(ArchitectureSources.Root, "src", "SparseRobust.Lab"), .. properties.Select(property => "-p:" + property),
             "-getItem:PackageReference,ProjectReference,Using", "-getProperty:DefineConstants,RoslynTargetsPath,NetCoreTargetingPackRoot,BundledNETCoreAppPackageVersion"]);
        Assert.True(code == 0, output);
        return new Compiler(JsonDocument.Parse(output).RootElement);
    }

    /// <summary>The items' names, with what a metadatum says of each.</summary>
    public IEnumerable<(string Name, string? Metadatum)> Items(string kind, string metadatum) =>
        _project.GetProperty("Items").GetProperty(kind).EnumerateArray()
            .Select(item => (item.GetProperty("Identity").GetString()!, item.TryGetProperty(metadatum, out var value) ? value.GetString() : null));

    public string Property(string name) => _project.GetProperty("Properties").GetProperty(name).GetString()!;

    /// <summary>Compiles files against the framework, with its source generators.</summary>
    /// <param name="output">The assembly to write.</param>
    /// <param name="files">The sources.</param>
    /// <param name="options">Further options of the compiler, one a line of its response file.</param>
    /// <returns>The errors; empty when the sources compile.</returns>
    public IReadOnlyList<string> Compile(string output, IEnumerable<string> files, params string[] options)
    {
        var pack = Path.Combine(Property("NetCoreTargetingPackRoot"), "Microsoft.NETCore.App.Ref", Property("BundledNETCoreAppPackageVersion"));
        string[] lines =
        [
            "/nologo", "/nostdlib", "/target:library", "/langversion:latest", "/nullable:enable", "/unsafe", "/warn:0", $"/out:\"{output}\"", .. options,
            .. Directory.EnumerateFiles(Path.Combine(pack, "ref"), "*.dll", SearchOption.AllDirectories).Select(file => $"/r:\"{file}\""),
            .. Directory.EnumerateFiles(Path.Combine(pack, "analyzers", "dotnet", "cs"), "*.dll").Select(file => $"/analyzer:\"{file}\""),
            .. files.Select(file => $"\"{file}\""),
        ];
        var response = Path.ChangeExtension(output, ".rsp");
        File.WriteAllLines(response, lines);
        var (code, text) = Dotnet([Path.Combine(Property("RoslynTargetsPath"), "bincore", "csc.dll"), "/noconfig", "@" + response]);
        var errors = text.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).ToList();
        Assert.True(code == 0 || errors.Count > 0, text);
        return errors;
    }

    private static (int Code, string Output) Dotnet(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
