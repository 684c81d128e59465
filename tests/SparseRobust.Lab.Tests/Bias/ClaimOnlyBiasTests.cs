using System.Text.Json;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Data;

namespace SparseRobust.Lab.Tests.Bias;

public sealed class ClaimOnlyBiasTests : IDisposable
{
    private static readonly LabelSet Fever = new(["SUPPORTS", "REFUTES", "NOT ENOUGH INFO"]);
    private static readonly Dataset Train = Claims(300, 1);
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Words_of_the_claim_alone_tell_the_class_and_the_evidence_does_not_matter()
    {
        var model = Build(Train, new ClaimOnlyBiasSpec());
        Assert.InRange(model.Predict(Claims(200, 2), CancellationToken.None)!.Accuracy(EvaluationSet.SameLabels(Claims(200, 2))), 0.7, 1);
        var other = Train with { Examples = [.. Train.Examples.Select(example => example with { SecondText = "other" })] };
        Assert.Equal(model.OfTrainingSet.LogProbs.ToArray(), Build(other, new ClaimOnlyBiasSpec()).OfTrainingSet.LogProbs.ToArray());
    }

    [Fact]
    public void A_rows_own_label_has_no_part_in_its_prediction()
    {
        // The labels of one fold are turned round for the fit to the others, which must not notice.
        var folds = FoldAssignment.Stratified(Train, 5, CrossFitting.FoldSeed);
        int[] ofFold = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] == 1)];
        var features = ClaimWords.Of(Train).RowsOf(Train);
        int[] labels = [.. Train.Examples.Select(example => example.Label)];
        int[] others = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != 1)];
        int[] poisoned = [.. labels.Select((label, row) => folds[row] == 1 ? (label + 1) % 3 : label)];
        var expected = SoftmaxRegression.Fit(features, others, poisoned, 3, new LogisticRegressionOptions { C = 0.1, MaximumIterations = 5000 }, CancellationToken.None);
        var row = new float[3];
        expected.LogProbabilities(features, ofFold[0], row);
        Assert.Equal(row, Build(Train, new ClaimOnlyBiasSpec()).OfTrainingSet.Row(ofFold[0]).ToArray());
        Assert.NotEqual(row, Build(Train, new ClaimOnlyBiasSpec { Folds = 0 }).OfTrainingSet.Row(ofFold[0]).ToArray());
    }

    [Fact]
    public void Words_are_features_from_five_rows_on_the_frequent_first()
    {
        var rows = Enumerable.Range(0, 6).Select(i => ($"Both {(i < 5 ? "five" : "")} {(i < 4 ? "four" : "")} five", "", i % 2)).ToArray();
        var words = ClaimWords.Of(TinyBias.Of(Fever, rows));
        Assert.Equal(["both", "five"], words.Words);
        Assert.Equal([0, 1], words.RowsOf(TinyBias.Of(Fever, ("five both BOTH unseen", "", 0))).Row(0).ToArray());
    }

    [Fact]
    public void Claims_without_a_frequent_word_are_refused() =>
        Assert.Equal(ProblemCode.DatasetInvalid, Assert.Throws<LabException>(() => Build(TinyBias.Of(Fever, ("a", "", 0), ("b", "", 1)), new ClaimOnlyBiasSpec { Folds = 0 })).Code);

    [Fact]
    public void Vectors_of_a_claim_are_their_largest_entries_and_zeros_when_no_word_is_known()
    {
        var path = _data.Write("a.vec", "2 2\ngood 1 0\nbad -0.6 0.8\n");
        var spec = new FastTextVectors { Path = path };
        var data = TinyBias.Of(Fever, ("good bad", "", 0), ("bad", "", 1), ("unknown", "", 2));
        var vectors = spec.Load(BiasSource.Find(_data.Folders, path), data.Examples.Select(example => example.FirstText), CancellationToken.None)!;
        var rows = ClaimOnlyBias.Largest(vectors, data);
        double[] weights = [1, 0, 0, 1]; // the first class sees the first entry, the second the second
        double[] Entries(int row)
        {
            var scores = new double[2];
            rows.AddScores(row, weights, scores);
            return [.. scores.Select(score => Math.Round(score, 6))];
        }
        Assert.Equal([1, 0.8], Entries(0));
        Assert.Equal([-0.6, 0.8], Entries(1));
        Assert.Equal([0, 0], Entries(2));
    }

    [Fact]
    public void With_vectors_the_fit_names_them_and_their_coverage()
    {
        var path = _data.Write("a.vec", "3 2\nw0 1 0\nw1 0 1\nw2 -1 0\n");
        var spec = new ClaimOnlyBiasSpec { Vectors = new FastTextVectors { Path = path } };
        var source = BiasSource.Find(_data.Folders, spec.SourcePath!);
        var model = spec.Build(new BiasInputs(Train) { Source = source }, CancellationToken.None);
        var fit = Assert.IsType<ClaimOnlyFit>(model.Fit);
        Assert.Equal(("fasttext", source.Sha256, 2), (fit.Vectors!.Kind, fit.Vectors.Sha256, fit.Vectors.Dimension));
        Assert.InRange(fit.Vectors.TrainCoverage, 0.05, 0.95);
        Assert.Empty(fit.Words);
        Assert.Equal(100, fit.C);
        Assert.All(fit.Coefficients, weights => Assert.Equal(2, weights.Count));
    }

    [Fact]
    public void The_report_has_majorities_and_no_two_class_scores_where_no_class_is_positive()
    {
        var dev = Claims(60, 3) with { Split = "dev" };
        var report = BiasReport.Of(Build(Train, new ClaimOnlyBiasSpec()), new TaskData(Train, dev, []), CancellationToken.None);
        var ofDev = report.Scores.Where(score => score is { Split: "dev", Slice: "all" }).ToList();
        Assert.Equal(["accuracy", "majority_accuracy", "balanced_accuracy"], ofDev.Select(score => score.Metric));
        Assert.Equal(1 / 3.0, ofDev[1].Value, 1e-12);
    }

    [Theory]
    [InlineData(100.0, 1)]
    [InlineData(0.0, 5)]
    public void Settings_out_of_range_are_refused(double c, int folds) =>
        Assert.Equal(ProblemCode.RecipeInvalid, Assert.Throws<LabException>(() => Build(Train, new ClaimOnlyBiasSpec { C = c, Folds = folds })).Code);

    [DataFact]
    public void Words_of_fever_claims_are_well_above_the_majority()
    {
        var folder = Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")!.Split(Path.PathSeparator)[0];
        var (train, dev) = (Claims(Path.Combine(folder, "fever", "nli.train_subset.jsonl.gz")), Claims(Path.Combine(folder, "fever", "nli.dev_subset.jsonl")));
        var model = Build(train, new ClaimOnlyBiasSpec());
        Assert.InRange(model.OfTrainingSet.Accuracy(EvaluationSet.SameLabels(train)), 0.6, 0.9);
        // A coin's log loss is ln 2: predictions worse than that would mislead an objective that trusts them.
        Assert.InRange(Enumerable.Range(0, train.Examples.Count).Average(row => -model.OfTrainingSet.Row(row)[train.Examples[row].Label]), 0.4, 0.65);
        Assert.InRange(model.Predict(dev, CancellationToken.None)!.Accuracy(EvaluationSet.SameLabels(dev)), 0.6, 0.9);
    }

    private static Dataset Claims(string path)
    {
        using var lines = LineReader.Open(path);
        var rows = new List<(string, string, int)>();
        while (lines.Read())
        {
            var row = JsonDocument.Parse(lines.Line.ToArray()).RootElement;
            rows.Add((row.GetProperty("claim").GetString()!, "", Fever.Require(row.GetProperty("gold_label").GetString()!)));
        }
        return TinyBias.Of(Fever, [.. rows]) with { Sha256 = path };
    }

    private static BiasModel Build(Dataset train, ClaimOnlyBiasSpec spec) => spec.Build(new BiasInputs(train), CancellationToken.None);

    // Each class has a word of its own, in nine claims of ten.
    private static Dataset Claims(int rows, long seed)
    {
        var random = SplitMix64.From(seed);
        return TinyBias.Of(Fever, [.. Enumerable.Range(0, rows).Select(i =>
        {
            var tell = random.NextDouble() < 0.9 ? i % 3 : random.Next(3);
            return ($"w{3 + random.Next(20)} w{tell} w{3 + random.Next(20)}", "evidence", i % 3);
        })]);
    }
}
