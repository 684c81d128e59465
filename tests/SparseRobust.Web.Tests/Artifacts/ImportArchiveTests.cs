using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Artifacts;

public sealed class ImportArchiveTests : IDisposable
{
    private const string Result = "runs/0123456789ab-1/result.json";

    private readonly string _folder = Directory.CreateTempSubdirectory("import-archive-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Zip(params (string Name, int Attributes)[] entries)
    {
        var path = Path.Combine(_folder, "upload.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, attributes) in entries)
        {
            var entry = zip.CreateEntry(name);
            entry.ExternalAttributes = attributes;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes($"of {name}"));
        }
        return path;
    }

    private static Problem Refusal(string path)
    {
        var problem = Assert.Throws<Problem>(() => ImportArchive.Open(path).Dispose());
        Assert.Equal("ImportInvalid", problem.Code);
        return problem;
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("runs/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("runs//evil")]
    [InlineData("runs/./evil")]
    [InlineData("runs\\evil")]
    [InlineData("C:/evil")]
    [InlineData("runs/e\nvil")]
    public void A_name_that_leads_elsewhere_is_refused(string name) => Assert.Contains("not a plain relative name", Refusal(Zip((Result, 0), (name, 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_link_is_refused() => Assert.Contains("stages/link", Refusal(Zip((Result, 0), ("stages/link", unchecked((int)0xA1FF0000)))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_comes_twice_is_refused() => Assert.Contains("twice", Refusal(Zip((Result, 0), (Result, 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_archive_without_a_finished_run_is_refused() => Assert.Contains("no finished run", Refusal(Zip(("runs/0123456789ab-1/recipe.json", 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_zip_is_refused()
    {
        var path = Path.Combine(_folder, "upload.zip");
        File.WriteAllText(path, "PK, or so it says");
        Assert.Contains("not a whole zip file", Refusal(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_written_below_the_root_and_its_hash_given()
    {
        using var archive = ImportArchive.Open(Zip((Result, 0)));
        Assert.Equal(["0123456789ab-1"], archive.RunIds);
        var hash = await archive.ExtractAsync(Result, Path.Combine(_folder, "out"), CancellationToken.None);
        Assert.Equal(ContentHash.OfFile(Path.Combine(_folder, "out", Result)), hash);
        Assert.Equal($"of {Result}", await File.ReadAllTextAsync(Path.Combine(_folder, "out", Result)));
    }

    [Fact]
    public void A_folder_around_the_output_folder_is_seen_through()
    {
        using var archive = ImportArchive.Open(Zip(($"out/lab/{Result}", 0), ("out/lab/stages/0123456789ab/stage.json", 0), ("out/notes.txt", 0)));
        Assert.Equal(["0123456789ab-1"], archive.RunIds);
        Assert.True(archive.Has("stages/0123456789ab/stage.json"));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var archive = ImportArchive.Open(Zip((Result, 0)));
        var problem = await Assert.ThrowsAsync<Problem>(() => archive.ExtractAsync("stages/0123456789ab/stage.json", _folder, CancellationToken.None));
        Assert.Equal("stages/0123456789ab/stage.json", Assert.Single(problem.Faults).Path);
    }
}
