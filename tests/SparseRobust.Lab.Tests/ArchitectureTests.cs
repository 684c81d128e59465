using System.Text.RegularExpressions;

namespace SparseRobust.Lab.Tests;

/// <summary>The rules about folders, arrows, names and sizes (ADR 0001), kept by reading the source files.</summary>
public sealed class ArchitectureTests
{
    // A folder may use the folders of the groups before its own; "" is the project's root, where Laboratory.cs stands alone.
    private static readonly string[][] LabGroups =
    [
        ["Errors"],
        ["Schedules", "Statistics", "Runs"],
        ["Tokenizers"],
        ["Data"],
        ["QuestionAnswering"],
        ["Models"],
        ["Checkpoints"],
        ["Bias", "Pretraining"],
        ["Objectives", "Pruning"],
        ["Evaluation"],
        ["Training"],
        ["Analysis", "Serving"],
        ["Stages"],
        ["Recipes"],
        ["Reports"],
        [""],
    ];

    private static readonly string[] DrawerFolders =
        ["Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Managers", "Service", "Services", "Common", "Core", "Shared", "Misc", "Infrastructure"];

    private static int Group(string folder) => Array.FindIndex(LabGroups, group => group.Contains(folder));

    private static bool MayUse(string from, string to) => from == to || Group(to) < Group(from);

    /// <summary>The Lab folders that code names in full, by a using line or otherwise.</summary>
    private static IEnumerable<string> LabFoldersUsed(string code) =>
        Regex.Matches(Regex.Replace(code, @"^namespace .*$", "", RegexOptions.Multiline), @"SparseRobust\.Lab\.(\w+)").Select(match => match.Groups[1].Value).Distinct();

    private static bool HasEmptyCatch(SourceFile file) =>
        Regex.IsMatch(file.Text.Replace("is { }", "is not null", StringComparison.Ordinal), @"catch\s*(\([^)]*\))?[^{};]*\{\s*\}") || Regex.IsMatch(file.Code, @"catch\s*(\(\s*(System\.)?Exception\b[^)]*\))?\s*\{\s*\}");

    private static IEnumerable<string> DrawerTypes(string code) =>
        Regex.Matches(code, @"\b(?:class|record|struct|interface|enum)\s+(?:struct\s+|class\s+)?(\w+)")
            .Select(match => match.Groups[1].Value)
            .Where(name => Regex.IsMatch(name, "(Manager|Helpers?|Utils?|Utility|Impl|Base|Service)$") || DrawerFolders.Contains(name));

    private static List<string> Paths(IEnumerable<SourceFile> files) => [.. files.Select(file => file.Path)];

    [Fact]
    public void Lab_folders_use_only_folders_to_their_left() =>
        ArchitectureSources.AssertNone(from file in ArchitectureSources.Lab
                     let folder = file.Folders.FirstOrDefault("")
                     from used in LabFoldersUsed(file.Code)
                     where Group(used) >= 0 && !MayUse(folder, used)
                     select $"{file.Path} uses {used}");

    [Theory]
    [InlineData("Training", "Objectives", true)]
    [InlineData("Data", "Errors", true)]
    [InlineData("Models", "Models", true)]
    [InlineData("", "Stages", true)]
    [InlineData("Objectives", "Pruning", false)]
    [InlineData("Runs", "Statistics", false)]
    [InlineData("Pruning", "Training", false)]
    [InlineData("Errors", "Data", false)]
    public void An_arrow_points_to_an_earlier_group(string from, string to, bool allowed) => Assert.Equal(allowed, MayUse(from, to));

    [Theory]
    [InlineData("using SparseRobust.Lab.Models;\nusing SparseRobust.Lab.Data;\nnamespace SparseRobust.Lab.Bias;", new[] { "Models", "Data" })]
    [InlineData("using static SparseRobust.Lab.Data.Hans;", new[] { "Data" })]
    [InlineData("var x = SparseRobust.Lab.Training.Trainer.Run();", new[] { "Training" })]
    public void Arrows_are_read_from_using_lines_and_full_names(string code, string[] folders) => Assert.Equal(folders, LabFoldersUsed(code));

    [Fact]
    public void Lab_has_only_the_folders_that_have_a_place_in_the_order() =>
        ArchitectureSources.AssertNone(ArchitectureSources.Lab.Where(file => file.Folders.Length > 1 || Group(file.Folders.FirstOrDefault("")) < 0).Select(file => file.Path));

    [Fact]
    public void Lab_has_nothing_but_the_front_door_in_its_root() =>
        Assert.Equal(["SparseRobust.Lab/Laboratory.cs"], Paths(ArchitectureSources.Lab.Where(file => file.Folders.Length == 0)));

    [Fact]
    public void Lab_has_no_global_using_of_its_own_namespaces() =>
        ArchitectureSources.AssertNone(Paths(ArchitectureSources.Lab.Where(file => Regex.IsMatch(file.Code, @"global using (static )?SparseRobust\.Lab"))));

    // In Torch a folder's file may also declare the root namespace: TorchSharp's users expect torch, Tensor and the scopes there.
    // Only a top-level program has no namespace.
    [Fact]
    public void A_namespace_is_its_folder() =>
        ArchitectureSources.AssertNone(from file in ArchitectureSources.CSharp
                     let expected = string.Join('.', [file.Project, .. file.Folders])
                     where file.Namespace != expected
                           && !(file.Project == "SparseRobust.Torch" && file.Namespace == "SparseRobust.Torch")
                           && !(file.Namespace is null && file is { Name: "Program.cs", Folders.Length: 0 })
                     select $"{file.Path} declares {file.Namespace ?? "no namespace"}, not {expected}");

    [Fact]
    public void Projects_refer_to_one_another_in_one_line()
    {
        var arrows = from project in ArchitectureSources.Projects
                     from reference in project.Value.Descendants("ProjectReference")
                     select $"{project.Key} -> {Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))}";
        Assert.Equal(["SparseRobust.Cli -> SparseRobust.Lab", "SparseRobust.Lab -> SparseRobust.Torch", "SparseRobust.Web -> SparseRobust.Lab"], arrows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lab_hides_tensors_from_its_users()
    {
        var lab = ArchitectureSources.Projects["SparseRobust.Lab"];
        Assert.Equal(["compile"], lab.Descendants("ProjectReference").Select(reference => reference.Attribute("PrivateAssets")?.Value));
    }

    [Fact]
    public void Lab_needs_no_package_but_logging_and_on_request_TorchSharp()
    {
        var packages = ArchitectureSources.Projects["SparseRobust.Lab"].Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value);
        ArchitectureSources.AssertNone(packages.Except(["Microsoft.Extensions.Logging.Abstractions", "TorchSharp"]));
    }

    [Fact]
    public void Only_the_trainer_runs_backward() =>
        Assert.Equal(["SparseRobust.Lab/Training/Trainer.cs"], Paths(ArchitectureSources.Lab.Where(file => file.Code.Contains(".backward(", StringComparison.Ordinal))));

    [Fact]
    public void Only_Torch_is_unsafe()
    {
        // fsync of a folder is the one call into the C library that .NET has no name for.
        Assert.Equal(["SparseRobust.Lab/Runs/DirectorySync.cs"], Paths(ArchitectureSources.CSharp.Where(file =>
            file.Project != "SparseRobust.Torch" && Regex.IsMatch(file.Code, @"\bunsafe\b(?!-)|\bDllImport\b|\bLibraryImport\b|\bMarshal\."))));
        Assert.Equal(["SparseRobust.Torch"], ArchitectureSources.Projects.Where(project => project.Value.Descendants("AllowUnsafeBlocks").Any()).Select(project => project.Key));
    }

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        ArchitectureSources.AssertNone(from file in ArchitectureSources.All
                     where file.Lines > 300
                     select $"{file.Path} has {file.Lines} lines");

    [Fact]
    public void Nothing_is_named_after_a_drawer()
    {
        ArchitectureSources.AssertNone(Paths(ArchitectureSources.All.Where(file => file.Folders.Any(DrawerFolders.Contains))));
        ArchitectureSources.AssertNone(from file in ArchitectureSources.CSharp from name in DrawerTypes(file.Code) select $"{file.Path} declares {name}");
    }

    [Fact]
    public void Drawer_names_are_recognised() =>
        Assert.Equal(["MaskManager", "TorchUtils", "StageBase", "Common"],
            DrawerTypes("class MaskManager; static class TorchUtils { } abstract record StageBase; record struct Common(int X); enum Database;").Where(name => name != "Database"));

    [Fact]
    public void Nothing_is_folded_away_or_left_for_later() =>
        ArchitectureSources.AssertNone(from file in ArchitectureSources.All
                     from match in Regex.Matches(file.Text, @"#region|\bTODO\b|\bFIXME\b|\bXXX\b")
                     select $"{file.Path} has {match.Value}");

    [Fact]
    public void No_exception_is_swallowed() => ArchitectureSources.AssertNone(Paths(ArchitectureSources.CSharp.Where(HasEmptyCatch)));

    [Theory]
    [InlineData("try { } catch { }", true)]
    [InlineData("try { } catch (Exception) { /* never mind */ }", true)]
    [InlineData("try { } catch (IOException e) when (e.HResult == 1) { }", true)]
    [InlineData("try { } catch (IOException) { /* the file has gone, which is what we want */ }", false)]
    [InlineData("try { } catch (IOException) { return null; }", false)]
    public void A_swallowed_exception_is_recognised(string code, bool swallowed) => Assert.Equal(swallowed, HasEmptyCatch(new SourceFile("A/b.cs", code)));
}
