using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Tests.Data;

namespace SparseRobust.Lab.Tests.Evaluation;

public sealed class FrequencyBaselineTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_commonest_class_is_guessed_for_every_row()
    {
        var (predictions, guess) = FrequencyBaseline.Guess(Classes(1, 0, 1, 1, 0), seed: 1);
        Assert.Equal("b", guess);
        Assert.Equal([1, 1, 1, 1, 1], Enumerable.Range(0, 5).Select(predictions.Argmax));
    }

    [Fact]
    public void Of_equally_common_classes_the_first_is_guessed() => Assert.Equal("a", FrequencyBaseline.Guess(Classes(1, 0), seed: 1).Guess);

    [Fact]
    public void Grades_are_guessed_with_their_own_mean_and_deviation()
    {
        float[] grades = [.. Enumerable.Range(0, 4000).Select(i => i % 2 == 0 ? 1f : 4f)];
        var data = new Dataset("graded", "dev", LabelSet.Regression, [.. grades.Select((grade, i) => new Example($"{i}", "a", "b", 0) { Target = grade })], "none");
        var (predictions, guess) = FrequencyBaseline.Guess(data, seed: 7);
        Assert.Equal("samples of N(2.500, 1.500), seed 7", guess);
        Assert.Equal(predictions.Logits, FrequencyBaseline.Guess(data, seed: 7).Predictions.Logits);
        Assert.NotEqual(predictions.Logits, FrequencyBaseline.Guess(data, seed: 8).Predictions.Logits);
        // Four standard errors of 4,000 samples.
        var mean = predictions.Logits.Average();
        Assert.InRange(mean, 2.4, 2.6);
        Assert.InRange(Math.Sqrt(predictions.Logits.Average(value => (value - mean) * (value - mean))), 1.43, 1.57);
        Assert.InRange(Correlation.Pearson([.. predictions.Logits], [.. grades])!.Value, -0.064, 0.064);
    }

    [Fact]
    public void Each_task_has_its_own_metric_and_a_missing_dev_set_says_so()
    {
        _folder.Write("CoLA/dev.tsv", DataFolder.FixtureText("cola.tsv"));
        _folder.Write("STS-B/dev.tsv", DataFolder.FixtureText("stsb.tsv"));
        _folder.Write("RTE/dev.tsv", DataFolder.FixtureText("rte.tsv"));
        var scores = FrequencyBaseline.OfGlue(_folder.Folders, CancellationToken.None).ToDictionary(score => score.Task);
        Assert.Equal(Enum.GetValues<GlueName>(), scores.Keys);
        Assert.Equal(("matthews", 0.0, "cola dev"), (scores[GlueName.Cola].Metric, scores[GlueName.Cola].Value, scores[GlueName.Cola].Dataset));
        Assert.Equal("pearson", scores[GlueName.Stsb].Metric);
        var rte = scores[GlueName.Rte];
        var counts = Glue.Rte.Dev.Load(_folder.Folders, CancellationToken.None).LabelCounts();
        Assert.Equal(("accuracy", counts.Max() / (double)counts.Sum(), counts.Sum(), (int?)277), (rte.Metric, rte.Value!.Value, rte.N, rte.PublishedRows));
        Assert.Equal((ProblemCode.DatasetMissing, null), (scores[GlueName.Qnli].Problem!.Code, scores[GlueName.Qnli].Value));
    }

    /// <summary>The paper's own label counts (methods.md, table L1): CoLA 721 of 1,043, SST-2 444 of 872, MRPC 279 of 408, RTE 146 of 277, WNLI 40 of 71, QNLI 2,761 of 5,463, MNLI-m 3,479 of 9,815.</summary>
    [DataFact]
    public void The_published_dev_sets_give_the_papers_values()
    {
        var scores = FrequencyBaseline.OfGlue(DatasetFolders.FromEnvironment([]), CancellationToken.None).ToDictionary(score => score.Task);
        Assert.Equal(0, scores[GlueName.Cola].Value);
        foreach (var (task, majority, rows) in new[] { (GlueName.Sst2, 444, 872), (GlueName.Mrpc, 279, 408), (GlueName.Rte, 146, 277), (GlueName.Wnli, 40, 71), (GlueName.Qnli, 2_761, 5_463), (GlueName.Mnli, 3_479, 9_815) })
            Assert.Equal((rows, majority / (double)rows), (scores[task].N, scores[task].Value!.Value));
        Assert.Equal("samples of N(2.364, 1.500), seed 1337", scores[GlueName.Stsb].Guess);
        Assert.InRange(scores[GlueName.Stsb].Value!.Value, -0.1, 0.1);
    }

    private static Dataset Classes(params int[] labels) =>
        new("classes", "dev", new LabelSet(["a", "b"]), [.. labels.Select((label, i) => new Example($"{i}", "a", null, label))], "none");
}
