using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

public sealed class DatasetFoldersTests : IDisposable
{
    private readonly DataFolder _first = new();
    private readonly DataFolder _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Earlier_folders_win_over_later_ones_and_earlier_candidates_within_a_folder()
    {
        var both = new DatasetFolders([_first.Root, _second.Root]);
        var last = _second.Write("a.txt", "");
        Assert.Equal(last, both.Find("A", "a.txt", "b.txt"));
        var near = _first.Write("b.txt.gz", "");
        Assert.Equal(near, both.Find("A", "a.txt", "b.txt"));
        Assert.Equal(near, both.Find("A", "b.txt.gz"));
    }

    [Fact]
    public void A_candidate_with_gz_also_matches_the_plain_file()
    {
        var file = _first.Write("x/c.txt", "");
        Assert.Equal(file, _first.Folders.Find("C", "x/c.txt.gz"));
    }

    [Fact]
    public void Given_folders_come_first_absolute_and_once()
    {
        var folders = DatasetFolders.FromEnvironment([_first.Root, Path.Combine(_second.Root, "."), _first.Root, " "]).Folders;
        Assert.Equal(_first.Root, folders[0]);
        Assert.All(folders, folder => Assert.True(Path.IsPathRooted(folder)));
        Assert.Equal(folders.Count, folders.Distinct().Count());
    }

    [Fact]
    public void Without_any_folder_the_error_says_so()
    {
        var refusal = Assert.Throws<LabException>(() => new DatasetFolders([]).Find("MNLI train", "x.tsv"));
        Assert.Equal(ProblemCode.DatasetMissing, refusal.Code);
        Assert.Contains("neither --data nor SPARSEROBUST_DATA", refusal.Message, StringComparison.Ordinal);
    }
}
