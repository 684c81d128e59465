using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Splits_are_listed_as_found_missing_or_invalid()
    {
        var dev = _folder.Write("mnli/dev_matched.jsonl.gz", DataFolder.FixtureText("mnli.jsonl"), gzip: true);
        _folder.Write("hans/heuristics_train_set.txt", "nonsense");
        var listed = DatasetCatalog.ListPublished(_folder.Folders, CancellationToken.None);
        Assert.Equal(["mnli train", "mnli dev_matched", "mnli dev_mismatched", "hans evaluation", "hans train"], listed.Take(5).Select(entry => $"{entry.Name} {entry.Split}"));
        Assert.Equal([ProblemCode.DatasetMissing, null, ProblemCode.DatasetMissing, ProblemCode.DatasetMissing, ProblemCode.DatasetInvalid], listed.Take(5).Select(entry => entry.Problem?.Code));
        Assert.All(listed.Skip(5), entry => Assert.Equal(ProblemCode.DatasetMissing, entry.Problem?.Code));
        Assert.Equal((6, 9_815, 1, dev), (listed[1].Rows, listed[1].PublishedRows, listed[1].UnlabelledRows, listed[1].SourcePath));
        Assert.Equal(["contradiction", "entailment", "neutral"], listed[1].LabelShares.Select(share => share.Key));
        Assert.Equal(1, listed[1].LabelShares.Sum(share => share.Value), 12);
        Assert.Equal(64, listed[1].Sha256!.Length);
    }

    [Fact]
    public void A_file_that_changed_is_read_again()
    {
        int Rows() => DatasetCatalog.ListPublished(_folder.Folders, CancellationToken.None).Single(entry => entry is { Name: "rte", Split: "train" }).Rows;
        var file = _folder.Write("RTE/train.tsv", DataFolder.FixtureText("rte.tsv"));
        Assert.Equal(5, Rows());
        Assert.Equal(5, Rows());
        File.AppendAllText(file, "9\tThe sea is deep.\tThe sea is wet.\tentailment\n");
        Assert.Equal(6, Rows());
        File.Delete(file);
        Assert.Equal(0, Rows());
    }

    [Fact]
    public void A_file_outside_the_folders_is_inspected_as_the_split_it_is_to_be()
    {
        using var elsewhere = new DataFolder();
        var listing = DatasetCatalog.Published.Single(split => split is { Name: "rte", Split: "train" }).Inspect(elsewhere.Write("any", DataFolder.FixtureText("rte.tsv")), CancellationToken.None);
        Assert.Equal(("rte", "train", 5, 2_490), (listing.Name, listing.Split, listing.Rows, listing.PublishedRows));
        Assert.Null(listing.Published!.FileIn(_folder.Folders));
        var refusal = Assert.Throws<LabException>(() => listing.Published.Inspect(elsewhere.Write("other", "nonsense"), CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
    }

    [Fact]
    public void The_stamp_of_the_folders_changes_when_a_file_comes_changes_or_goes()
    {
        List<string> stamps = [DatasetCatalog.Stamp(_folder.Folders)];
        var file = _folder.Write("RTE/train.tsv", DataFolder.FixtureText("rte.tsv"));
        stamps.Add(DatasetCatalog.Stamp(_folder.Folders));
        Assert.Equal(stamps[1], DatasetCatalog.Stamp(_folder.Folders));
        File.AppendAllText(file, "9\tThe sea is deep.\tThe sea is wet.\tentailment\n");
        stamps.Add(DatasetCatalog.Stamp(_folder.Folders));
        _folder.Write("glue_data/RTE/dev.tsv", DataFolder.FixtureText("rte.tsv"));
        stamps.Add(DatasetCatalog.Stamp(_folder.Folders));
        File.Delete(file);
        stamps.Add(DatasetCatalog.Stamp(_folder.Folders));
        Assert.Equal(stamps.Count, stamps.Distinct().Count());
    }

    [Fact]
    public void Every_split_is_told_apart_by_name_and_split_and_can_be_read()
    {
        Assert.Equal(DatasetCatalog.Published.Count, DatasetCatalog.Published.Select(split => (split.Name, split.Split)).Distinct().Count());
        Assert.All(DatasetCatalog.Published, split => Assert.True(split.PublishedRows > 0 && split.Files.Count > 0, split.Title));
        Assert.All(DatasetFixtures.All.Values, split => Assert.Contains(split, DatasetCatalog.Published));
    }

    [Fact]
    public void The_documentation_lists_every_split_with_its_size_and_a_file_name()
    {
        var text = File.ReadAllText(Path.Combine(ArchitectureSources.Root, "docs", "datasets.md"));
        string RowOf(PublishedSplit split) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"| {split.Name} | {split.Split} | {split.PublishedRows:N0} | `{split.Files[0]}`");
        ArchitectureSources.AssertNone(DatasetCatalog.Published.Select(RowOf).Where(row => !text.Contains(row, StringComparison.Ordinal)));
    }
}
