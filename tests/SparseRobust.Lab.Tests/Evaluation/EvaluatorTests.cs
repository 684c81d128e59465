using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Evaluation;

public class EvaluatorTests
{
    [Fact]
    public void Hans_merges_after_the_argmax()
    {
        var hans = new Dataset("hans", "evaluation", LabelSet.TwoWayNli, [], "");
        Assert.Equal([0, 1, 0], EvaluationSet.ThreeToTwoWayNli(hans).ModelToDataset);
    }

    [Fact]
    public void The_six_numbers_are_per_heuristic_and_gold_label()
    {
        string[] heuristics = ["lexical_overlap", "subsequence", "constituent"];
        var examples = heuristics.SelectMany(heuristic => Enumerable.Range(0, 4).Select(i => new Example($"{heuristic}{i}", "a", "b", i % 2)
        {
            Slices = new Dictionary<string, string> { ["heuristic"] = heuristic },
        })).ToList();
        var set = EvaluationSet.ThreeToTwoWayNli(new Dataset("hans", "evaluation", LabelSet.TwoWayNli, examples, "sha"));
        // Always "entailment" (class 1 of the model): right on entailment, wrong on non-entailment.
        var predictions = new Predictions([.. Enumerable.Repeat(new[] { 0f, 1f, 0f }, 12).SelectMany(row => row)], 3);
        var scores = Evaluator.Score(set, predictions, sampled: false);
        foreach (var heuristic in heuristics)
        {
            var entailed = scores.Single(score => score.Slice == $"heuristic={heuristic},label=entailment");
            var other = scores.Single(score => score.Slice == $"heuristic={heuristic},label=non-entailment");
            Assert.Equal((1.0, 2, 0.0, 2), (entailed.Value, entailed.N, other.Value, other.N));
        }
        var all = scores.Single(score => score is { Slice: "all", Metric: "accuracy" });
        Assert.Equal((0.5, 12, "sha"), (all.Value, all.N, all.Sha256));
    }

    [Fact]
    public void Batched_by_length_each_row_gets_what_it_gets_alone_in_the_datasets_order()
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Create();
        // Some 9,500 tokens: more than one batch.
        var data = PairsOfAllLengths.Encoded(600, maxLength: 32);
        model.train();
        var predictions = Evaluator.Predict(model, data, 0, CPU, CancellationToken.None);
        Assert.True(model.training);
        model.eval();
        Assert.Equal(600, predictions.Count);
        for (var i = 0; i < data.Count; i++)
        {
            using var inner = NewDisposeScope();
            var alone = Batch.Of(data, [i], new RowPadding(0, 32), CPU);
            Assert.Equal(model.forward(alone.Ids_BL, alone.TokenTypes_BL, alone.Mask_BL).data<float>().ToArray(), predictions.Row(i).ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
        }
    }

    [Fact]
    public void Loss_is_the_mean_cross_entropy()
    {
        var examples = new[] { new Example("0", "a", null, 0), new Example("1", "a", null, 2), new Example("2", "a", null, 0) };
        var set = EvaluationSet.SameLabels(new Dataset("d", "dev", LabelSet.ThreeWayNli, examples, ""));
        var predictions = new Predictions([2, .5f, -1, .1f, .2f, .3f, -1, 3, 0], 3);
        var loss = Evaluator.Score(set, predictions, false).Single(score => score.Metric == "loss");
        Assert.Equal(1.7697127, loss.Value, 1e-6);
    }
}
