using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

public sealed class GlueTaskTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(GlueName.Cola, "cola.tsv", "CoLA", "cola", "matthews")]
    [InlineData(GlueName.Sst2, "sst2.tsv", "SST-2", "sst2", "accuracy")]
    [InlineData(GlueName.Mrpc, "mrpc.tsv", "MRPC", "mrpc", "accuracy")]
    [InlineData(GlueName.Stsb, "stsb.tsv", "STS-B", "stsb", "pearson_spearman_mean")]
    [InlineData(GlueName.Qqp, "qqp.tsv", "QQP", "qqp", "accuracy")]
    [InlineData(GlueName.Qnli, "qnli.tsv", "QNLI", "qnli", "accuracy")]
    [InlineData(GlueName.Rte, "rte.tsv", "RTE", "rte", "accuracy")]
    [InlineData(GlueName.Wnli, "wnli.tsv", "WNLI", "wnli", "accuracy")]
    public void Each_task_reads_its_tables_and_says_what_chooses_the_checkpoint(GlueName name, string fixture, string folder, string dataset, string metric)
    {
        _folder.Write($"glue/{folder}/train.tsv", DataFolder.FixtureText(fixture));
        _folder.Write($"glue_data/{folder}/dev.tsv.gz", DataFolder.FixtureText(fixture), gzip: true);
        var task = new GlueTask { Name = name };
        var data = task.Load(_folder.Folders, CancellationToken.None);
        Assert.Equal((dataset, "train", "dev", metric), (data.Train.Name, data.Train.Split, data.Dev.Split, task.SelectionMetric));
        Assert.Equal(task.Labels, data.Train.Labels);
        Assert.Empty(data.OutOfDistribution);
        Assert.Equal(3, (task with { TrainRows = 3 }).Load(_folder.Folders, CancellationToken.None).Train.Examples.Count);
    }

    [Fact]
    public void MNLI_is_judged_on_the_further_sets_that_are_there()
    {
        _folder.Write("MNLI/train.tsv", DataFolder.FixtureText("mnli.glue.tsv"));
        _folder.Write("MNLI/dev_matched.tsv", DataFolder.FixtureText("mnli.glue.tsv"));
        string[] Further() => [.. new GlueTask { Name = GlueName.Mnli }.Load(_folder.Folders, CancellationToken.None).OutOfDistribution.Select(set => $"{set.Dataset.Name} {set.Dataset.Split}")];
        Assert.Empty(Further());
        _folder.Write("MNLI/dev_mismatched.tsv", DataFolder.FixtureText("mnli.glue.tsv"));
        _folder.Write("AX/diagnostic-full.tsv", DataFolder.FixtureText("ax.tsv"));
        Assert.Equal(["mnli dev_mismatched", "glue-diagnostics full"], Further());
    }

    [Fact]
    public void A_missing_training_set_is_named()
    {
        _folder.Write("QNLI/dev.tsv", DataFolder.FixtureText("qnli.tsv"));
        var refusal = Assert.Throws<LabException>(() => new GlueTask { Name = GlueName.Qnli }.Load(_folder.Folders, CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetMissing, refusal.Code);
        Assert.StartsWith("QNLI train was not found. Looked for QNLI/train.tsv", refusal.Message, StringComparison.Ordinal);
    }
}
