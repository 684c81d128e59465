using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class MnliHansTaskTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public MnliHansTaskTests()
    {
        _folder.Write("multinli_1.0_train.jsonl", DataFolder.FixtureText("mnli.jsonl"));
        _folder.Write("MNLI/dev_matched.tsv", DataFolder.FixtureText("mnli.glue.tsv"));
        _folder.Write("hans/heuristics_evaluation_set.txt", DataFolder.FixtureText("hans.txt"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void HANS_is_judged_with_contradiction_and_neutral_as_non_entailment()
    {
        var data = new MnliHansTask().Load(_folder.Folders, CancellationToken.None);
        Assert.Equal(("train", 6), (data.Train.Split, data.Train.Examples.Count));
        Assert.Equal("dev_matched", data.Dev.Split);
        Assert.Equal("hans", data.OutOfDistribution.Single().Dataset.Name);
        Assert.Equal([0, 1, 0], data.OutOfDistribution.Single().ModelToDataset);
    }

    [Fact]
    public void A_part_of_the_training_set_keeps_the_label_shares()
    {
        var data = new MnliHansTask { TrainRows = 3 }.Load(_folder.Folders, CancellationToken.None);
        Assert.Equal([1, 1, 1], data.Train.LabelCounts());
        Assert.Equal(6, data.Dev.Examples.Count);
    }
}
