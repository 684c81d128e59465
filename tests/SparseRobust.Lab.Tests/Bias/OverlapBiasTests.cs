using System.Text.Json;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Bias;

public class OverlapBiasTests
{
    private static readonly Dataset Train = TinyBias.Overlapping(300);

    [Fact]
    public void Two_classes_become_three_by_halving_the_rest()
    {
        var row = new float[3];
        OverlapBias.Expand((Math.Log(.4), Math.Log(.6)), 1, row);
        Assert.Equal([.2, .6, .2], row.Select(logProb => Math.Round(Math.Exp(logProb), 6)));
    }

    [Fact]
    public void Two_classes_stay_two()
    {
        var row = new float[2];
        OverlapBias.Expand((Math.Log(.3), Math.Log(.7)), 0, row);
        Assert.Equal([.7, .3], row.Select(logProb => Math.Round(Math.Exp(logProb), 6)));
    }

    [Fact]
    public void The_positive_class_goes_by_name()
    {
        var reordered = new LabelSet(["entailment", "neutral", "contradiction"]);
        int[] idOf = [.. LabelSet.ThreeWayNli.Names.Select(reordered.Require)];
        var other = Train with { Labels = reordered, Examples = [.. Train.Examples.Select(e => e with { Label = idOf[e.Label] })] };
        var (a, b) = (Fit(Train, folds: 0), Fit(other, folds: 0));
        for (var i = 0; i < Train.Examples.Count; i++)
            Assert.Equal(a.Row(i)[1], b.Row(i)[0]);
    }

    [Fact]
    public void Labels_without_a_positive_class_are_refused()
    {
        var dataset = TinyBias.Of(new LabelSet(["SUPPORTS", "REFUTES"]), ("a", "b", 0), ("a", "a", 1));
        Assert.Equal(ProblemCode.DatasetInvalid, Assert.Throws<LabException>(() => Fit(dataset, 0)).Code);
    }

    [Fact]
    public void A_rows_own_fold_has_no_part_in_its_prediction()
    {
        // Poison: turn every label of one fold round. Its own predictions must not move; those of the other folds must.
        var folds = FoldAssignment.Stratified(Train, 5, CrossFitting.FoldSeed);
        var poisoned = Enumerable.Range(0, folds.Length).Where(row => folds[row] == 2).ToHashSet();
        bool[] clean = [.. Train.Examples.Select(e => e.Label == 1)];
        bool[] dirty = [.. clean.Select((positive, row) => positive != poisoned.Contains(row))];
        var features = TinyBias.Features.Of(Train, CancellationToken.None);
        var expected = Fit(Train, 5);
        foreach (var fold in (int[])[2, 3])
        {
            int[] others = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != fold)];
            var model = LogisticRegression.Fit(features.Select(others), [.. others.Select(row => dirty[row])], new LogisticRegressionOptions(), CancellationToken.None);
            var row = Array.IndexOf(folds, fold);
            var same = (float)model.LogProbabilities(features.Row(row)).Positive == expected.Row(row)[1];
            Assert.Equal(fold == 2, same);
        }
    }

    [Fact]
    public void Poisoned_rows_change_in_sample_predictions_but_not_the_out_of_fold_ones_of_their_own_fold()
    {
        // Two rows of one fold get premises that pull the fit far off; labels stay, so the folds do. A third row of that fold must not notice.
        var row = Enumerable.Range(0, Train.Examples.Count).First(i => Train.Examples[i].Label == 0);
        var folds = FoldAssignment.Stratified(Train, 5, CrossFitting.FoldSeed);
        var partner = Enumerable.Range(0, folds.Length).First(i => Train.Examples[i].Label == 1 && folds[i] == folds[row]);
        var (a, b) = (Train.Examples[row], Train.Examples[partner]);
        var swapped = Train.Examples.ToArray();
        (swapped[row], swapped[partner]) = (a with { FirstText = "x " + b.FirstText }, b with { FirstText = string.Join(' ', Enumerable.Repeat("q", 60)) });
        var poisoned = Train with { Examples = swapped };
        var untouched = Enumerable.Range(0, folds.Length).First(i => folds[i] == folds[row] && i != row && i != partner);
        Assert.Equal(Fit(Train, 5).Row(untouched).ToArray(), Fit(poisoned, 5).Row(untouched).ToArray());
        Assert.NotEqual(Fit(Train, 0).Row(untouched).ToArray(), Fit(poisoned, 0).Row(untouched).ToArray());
    }

    [Fact]
    public void Folds_are_stratified_and_the_same_every_time()
    {
        var folds = FoldAssignment.Stratified(Train, 7, 3);
        Assert.Equal(folds, FoldAssignment.Stratified(Train, 7, 3));
        Assert.NotEqual(folds, FoldAssignment.Stratified(Train, 7, 4));
        AssertEven(folds.GroupBy(fold => fold).Select(group => group.Count()), 7);
        for (var label = 0; label < 3; label++)
            AssertEven(folds.Where((_, row) => Train.Examples[row].Label == label).GroupBy(fold => fold).Select(group => group.Count()), 7);
    }

    [Fact]
    public void Predictions_are_deterministic_and_name_their_dataset()
    {
        var (a, b) = (Fit(Train, 5), Fit(Train, 5));
        Assert.Equal(a.LogProbs.ToArray(), b.LogProbs.ToArray());
        Assert.Equal(Train.Sha256, a.DatasetSha256);
        a.Require(Train, LabelSet.ThreeWayNli);
    }

    [Fact]
    public void Other_sets_are_predicted_by_the_model_of_all_rows()
    {
        var model = new OverlapBiasSpec().Build(new BiasInputs(Train), CancellationToken.None);
        Assert.Equal(Fit(Train, 0).LogProbs.ToArray(), model.Predict(Train, CancellationToken.None)!.LogProbs.ToArray());
        Assert.NotEqual(model.OfTrainingSet.LogProbs.ToArray(), model.Predict(Train, CancellationToken.None)!.LogProbs.ToArray());
    }

    [Fact]
    public void Report_is_high_in_distribution_and_low_where_overlap_misleads()
    {
        var model = new OverlapBiasSpec().Build(new BiasInputs(Train), CancellationToken.None);
        var hans = TinyBias.Of(LabelSet.TwoWayNli, ("a b c d", "a b c", 0), ("a b c d e", "b c d", 0), ("a b c d", "a b c", 1)) with { Name = "hans", Split = "evaluation" };
        var dev = TinyBias.Overlapping(90, 2) with { Split = "dev" };
        var report = BiasReport.Of(model, new TaskData(Train, dev, [EvaluationSet.ThreeToTwoWayNli(hans)]), CancellationToken.None);
        Assert.Equal([("tiny", "train", 300), ("tiny", "dev", 90), ("hans", "evaluation", 3)], report.Scores.Where(s => s is { Slice: "all", Metric: "accuracy" }).Select(s => (s.Dataset, s.Split, s.N)));
        Assert.Equal(
            [("all", 1.0), ("label=non-entailment", 0), ("label=entailment", 3)],
            report.Scores.Where(s => s is { Dataset: "hans", Metric: "two_class_accuracy" }).Select(s => (s.Slice, Math.Round(3 * s.Value, 12))));
        foreach (var metric in new[] { "two_class_accuracy", "two_class_balanced_accuracy", "two_class_auc" })
            Assert.InRange(report.Scores.Single(s => s is { Split: "dev", Slice: "all" } && s.Metric == metric).Value, 0.8, 1);
        Assert.Equal(report.Fit.TrainAccuracy, report.Scores[0].Value);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100, -1)]
    [InlineData(100, 101)]
    [InlineData(0, 5)]
    [InlineData(double.NaN, 5)]
    public void Settings_out_of_range_are_refused(double c, int folds)
    {
        var fault = Assert.Throws<LabException>(() => new OverlapBiasSpec { C = c, Folds = folds }.Build(new BiasInputs(Train), CancellationToken.None));
        Assert.Equal(ProblemCode.RecipeInvalid, fault.Code);
    }

    [Fact]
    public void More_folds_than_rows_are_refused() =>
        Assert.Equal(ProblemCode.DatasetInvalid, Assert.Throws<LabException>(() => Fit(TinyBias.Dataset(("a", "a", 1), ("a", "b", 0)), 5)).Code);

    [Fact]
    public void The_spec_is_a_kind_in_json()
    {
        var json = JsonSerializer.Serialize<BiasSpec>(new OverlapBiasSpec());
        Assert.Equal("""{"kind":"overlap","C":100,"BalancedClasses":true,"Folds":5,"Features":0,"Vectors":{"kind":"pretrained"}}""", json);
        Assert.Equal(new OverlapBiasSpec { Folds = 0 }, JsonSerializer.Deserialize<BiasSpec>("""{"kind":"overlap","Folds":0}"""));
    }

    private static BiasPredictions Fit(Dataset train, int folds) => new OverlapBiasSpec { Folds = folds }.Build(new BiasInputs(train), CancellationToken.None).OfTrainingSet;

    private static void AssertEven(IEnumerable<int> counts, int groups)
    {
        var list = counts.ToList();
        Assert.Equal(groups, list.Count);
        Assert.InRange(list.Max() - list.Min(), 0, 1);
    }
}
