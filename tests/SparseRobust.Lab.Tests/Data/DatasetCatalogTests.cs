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
        Assert.Equal(["mnli train", "mnli dev_matched", "hans evaluation", "hans train"], listed.Select(entry => $"{entry.Name} {entry.Split}"));
        Assert.Equal([ProblemCode.DatasetMissing, null, ProblemCode.DatasetMissing, ProblemCode.DatasetInvalid], listed.Select(entry => entry.Problem?.Code));
        Assert.Equal((6, 9_815, 1, dev), (listed[1].Rows, listed[1].PublishedRows, listed[1].UnlabelledRows, listed[1].SourcePath));
        Assert.Equal(["contradiction", "entailment", "neutral"], listed[1].LabelShares.Select(share => share.Key));
        Assert.Equal(1, listed[1].LabelShares.Sum(share => share.Value), 12);
        Assert.Equal(64, listed[1].Sha256!.Length);
    }
}
