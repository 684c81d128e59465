namespace SparseRobust.Lab.Tests.TorchSharp;

/// <summary><c>-p:TorchSharpPackage=VERSION</c> compiles the laboratory against the genuine package; a stand-in takes its place here.</summary>
public sealed class PackageSwapTests(TorchSharpStandIn standIn) : IClassFixture<TorchSharpStandIn>
{
    [Fact]
    public void The_package_takes_the_place_of_our_binding()
    {
        Assert.Empty(standIn.Project.Items("ProjectReference", "PrivateAssets"));
        Assert.Contains(("TorchSharp", "0.0.1"), standIn.Project.Items("PackageReference", "VersionOverride"));
        Assert.Contains(("TorchSharp", "compile"), standIn.Project.Items("PackageReference", "PrivateAssets"));
        Assert.Contains("TORCHSHARP", standIn.Project.Property("DefineConstants").Split(';'));
        Assert.Equal([("TorchSharp", null), ("TorchSharp.Modules", null), ("TorchSharp.torch", "true")], OwnUsings(standIn.Project));
    }

    [Fact]
    public void Without_the_property_our_binding_is_used()
    {
        var plain = Compiler.Evaluate();
        Assert.EndsWith("SparseRobust.Torch.csproj", Assert.Single(plain.Items("ProjectReference", "PrivateAssets")).Name, StringComparison.Ordinal);
        Assert.DoesNotContain("TorchSharp", plain.Items("PackageReference", "VersionOverride").Select(item => item.Name));
        Assert.DoesNotContain("TORCHSHARP", plain.Property("DefineConstants").Split(';'));
        Assert.All(OwnUsings(plain), item => Assert.StartsWith("SparseRobust.Torch", item.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_laboratory_compiles_against_an_assembly_called_TorchSharp()
    {
        var usings = standIn.Project.Items("Using", "Static").Select(item => $"global using {(item.Metadatum == "true" ? "static " : "")}{item.Name};\n");
        var sources = ArchitectureSources.Lab.Select(file => Path.Combine(ArchitectureSources.Root, "src", file.Path));
        ArchitectureSources.AssertNone(standIn.Compile("SparseRobust.Lab", [standIn.Write("Usings.cs", string.Concat(usings)), .. sources]));
    }

    [Fact]
    public void What_TorchSharp_lacks_does_not_compile_against_it()
    {
        var stray = standIn.Write("Stray.cs", "using TorchSharp; class Stray { long Live => TensorCensus.Total; torch.Tensor Made => torch.zeros(2); }");
        var error = Assert.Single(standIn.Compile("Stray", [stray]));
        Assert.Contains("'TensorCensus' does not exist", error);
    }

    private static IEnumerable<(string Name, string? Static)> OwnUsings(Compiler project) =>
        project.Items("Using", "Static").Where(item => item.Name.Contains("Torch", StringComparison.Ordinal));
}
