using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class AccuracyCurvesTests
{
    private static string Score(string dataset, string split, string slice, string metric, int n, bool sampled) =>
        $$"""{"dataset":"{{dataset}}","split":"{{split}}","slice":"{{slice}}","metric":"{{metric}}","value":0.5,"n":{{n}},"sampled":{{(sampled ? "true" : "false")}}}""";

    private static string Event(params string[] scores) => $$"""{"event":"evaluated","scores":[{{string.Join(',', scores)}}]}""";

    [Fact]
    public void Only_accuracies_over_whole_sets_that_have_a_series_are_curves_the_dev_set_first()
    {
        var curves = AccuracyCurves.Find(
            [Event(Score("hans", "evaluation", "all", "accuracy", 1200, true), Score("hans", "evaluation", "label=entailment", "accuracy", 600, true), Score("mnli", "dev_matched", "all", "accuracy", 9815, false), Score("mnli", "dev_matched", "all", "loss", 9815, false), Score("bias", "dev", "all", "accuracy", 10, false))],
            ["eval/hans_accuracy", "eval/mnli_accuracy", "eval/mnli_loss"]);

        Assert.Equal(["eval/mnli_accuracy", "eval/hans_accuracy"], curves.Select(curve => curve.Key));
        Assert.Equal([true, false], curves.Select(curve => curve.IsInDistribution));
    }

    [Fact]
    public void The_series_that_names_the_split_is_preferred()
    {
        var curves = AccuracyCurves.Find([Event(Score("nli", "dev", "all", "accuracy", 300, false), Score("nli", "ood", "all", "accuracy", 90, true))], ["eval/nli_accuracy", "eval/nli_dev_accuracy", "eval/nli_ood_accuracy"]);

        Assert.Equal(["eval/nli_dev_accuracy", "eval/nli_ood_accuracy"], curves.Select(curve => curve.Key));
    }

    [Fact]
    public void The_n_of_a_curve_is_that_of_its_sample_though_the_end_is_over_all_rows()
    {
        var curve = Assert.Single(AccuracyCurves.Find(
            [Event(Score("hans", "evaluation", "all", "accuracy", 1200, true)), Event(Score("hans", "evaluation", "all", "accuracy", 30_000, false))], ["eval/hans_accuracy"]));

        Assert.Equal((1200, true), (curve.N, curve.Sampled));
    }

    [Fact]
    public void Both_tasks_of_pretraining_have_a_curve()
    {
        var curves = AccuracyCurves.Find(
            [Event(Score("wiki", "dev", "all", "mlm_accuracy", 5000, true), Score("wiki", "dev", "all", "nsp_accuracy", 500, true), Score("wiki", "dev", "all", "mlm_loss", 5000, true))],
            ["eval/wiki_mlm_accuracy", "eval/wiki_mlm_loss", "eval/wiki_nsp_accuracy"]);

        Assert.Equal([("eval/wiki_mlm_accuracy", "mlm_accuracy", 5000), ("eval/wiki_nsp_accuracy", "nsp_accuracy", 500)], curves.Select(curve => (curve.Key, curve.Metric, curve.N)));
    }
}
