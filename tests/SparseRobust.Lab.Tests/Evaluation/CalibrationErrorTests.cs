using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Evaluation;

public class CalibrationErrorTests
{
    [Fact]
    public void Of_a_models_logits_and_of_merged_classes_it_is_that_of_numpy()
    {
        foreach (var golden in GoldenFile.Read("metrics", "metrics.json").GetProperty("calibration").EnumerateArray())
        {
            int[] merge = [.. golden.Doubles("merge").Select(c => (int)c)];
            var examples = golden.Doubles("gold").Select((label, i) => new Example($"{i}", "a", "b", (int)label)).ToList();
            var set = new EvaluationSet(new Dataset("d", "dev", merge.Max() == 2 ? LabelSet.ThreeWayNli : LabelSet.TwoWayNli, examples, "sha"), merge);
            float[] logits = [.. golden.GetProperty("logits").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(logit => logit.GetSingle())];
            var ece = Evaluator.Score(set, new Predictions(logits, 3), sampled: false).Single(score => score.Metric == "ece");
            Assert.Equal(golden.GetProperty("ece").GetDouble(), ece.Value, 1e-12);
        }
    }

    [Fact]
    public void Four_rows_by_hand()
    {
        // Bin 10 holds 0.62 and 0.66 (one right): |1 - 1.28|; bin 15 holds 0.95 and 1 (both right): |2 - 1.95|.
        Assert.Equal((0.28 + 0.05) / 4, CalibrationError.Of([0.62, 0.95, 0.66, 1], [true, true, false, true])!.Value, 1e-15);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 0)]
    [InlineData(0.2, 2)]
    [InlineData(0.2000001, 3)]
    [InlineData(1 / 3.0, 4)]
    [InlineData(1, 14)]
    [InlineData(1.0000000000000002, 14)]
    public void A_bin_is_open_below_and_closed_above(double confidence, int bin) => Assert.Equal(bin, CalibrationError.BinOf(confidence));

    [Fact]
    public void A_sure_and_right_model_has_none_and_a_sure_and_wrong_one_all() =>
        Assert.Equal((0, 1), (CalibrationError.Of([1, 1], [true, true]), CalibrationError.Of([1, 1], [false, false])));

    [Fact]
    public void Nothing_and_what_is_no_number_have_none()
    {
        Assert.Null(CalibrationError.Of([], []));
        Assert.Null(CalibrationError.Of([0.5, double.NaN], [true, true]));
        Assert.Throws<ArgumentException>(() => CalibrationError.Of([0.5], []));
    }
}
