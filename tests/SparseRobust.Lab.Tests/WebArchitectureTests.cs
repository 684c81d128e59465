using System.Text.RegularExpressions;

namespace SparseRobust.Lab.Tests;

/// <summary>The walls inside the web project (ADR 0001): features stand beside one another on Runs (the launch form also makes sweeps, the page of models also shows pre-trained ones), and Hosting and Shell know no feature.</summary>
public sealed class WebArchitectureTests
{
    private static readonly string[] Features = ["Runs", "Sweeps", "Launch", "Predict", "Pretrained", "Artifacts", "Datasets", "Examples", "Nodes"];

    private static readonly string[] Ground = ["Hosting", "Shell", "Persistence"];

    // A finished run is entered in one transaction, so the recorder knows the rows of those who read them later.
    private static readonly string[] MayKnowEveryRow = ["SparseRobust.Web/Runs/RunRecorder.cs", "SparseRobust.Web/Persistence/LabDb.cs"];

    private static IEnumerable<string> FoldersUsed(SourceFile file) =>
        Regex.Matches(Regex.Replace(file.Code, @"^namespace .*$", "", RegexOptions.Multiline), @"SparseRobust\.Web\.(\w+)").Select(match => match.Groups[1].Value).Distinct();

    private static bool MayUse(string from, string to) =>
        from == to || Ground.Contains(to) || to == "Runs" && Features.Contains(from) || (from, to) is ("Launch", "Sweeps") or ("Predict", "Artifacts") or ("Predict", "Pretrained");

    [Theory]
    [InlineData("Sweeps", "Runs", true)]
    [InlineData("Runs", "Persistence", true)]
    [InlineData("Runs", "Sweeps", false)]
    [InlineData("Predict", "Datasets", false)]
    [InlineData("Shell", "Runs", false)]
    public void An_arrow_points_to_runs_or_to_the_ground(string from, string to, bool allowed) => Assert.Equal(allowed, MayUse(from, to));

    [Fact]
    public void Features_use_only_runs_and_the_ground() =>
        ArchitectureSources.AssertNone(from file in ArchitectureSources.Web
                     where file.Folders.Length > 0 && !MayKnowEveryRow.Contains(file.Path)
                     from used in FoldersUsed(file)
                     where (Features.Contains(used) || Ground.Contains(used)) && !MayUse(file.Folders[0], used)
                     select $"{file.Path} uses {used}");

    [Fact]
    public void The_web_has_only_the_folders_that_have_a_place() =>
        ArchitectureSources.AssertNone(ArchitectureSources.Web.Where(file => file.Folders.Length > 1 || file.Folders is [var folder] && !Features.Contains(folder) && !Ground.Contains(folder)).Select(file => file.Path));

    [Fact]
    public void The_program_is_a_table_of_contents() =>
        Assert.InRange(ArchitectureSources.Web.Single(file => file is { Name: "Program.cs", Folders.Length: 0 }).Lines, 1, 80);

    [Fact]
    public void The_web_never_names_a_tensor() =>
        ArchitectureSources.AssertNone(ArchitectureSources.Web.Where(file => file.Code.Contains("SparseRobust.Torch", StringComparison.Ordinal)).Select(file => file.Path));
}
