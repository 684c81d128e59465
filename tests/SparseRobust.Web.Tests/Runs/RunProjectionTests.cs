using System.Text.Json;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RunProjectionTests
{
    private readonly RunProjection _projection = new();

    private static StepMeasured Loss(string stage, int step) => new(stage, step, 100, new Dictionary<string, double> { ["train/loss"] = 0.5 });

    private static Score Accuracy(string dataset, string split, double value, string slice = "all") => new(dataset, split, slice, "accuracy", value, 90, "sha", false);

    private int? Place(RunEvent e) => _projection.Apply(e).RunStep;

    [Fact]
    public void Stages_lie_end_to_end()
    {
        Assert.Equal(0, Place(new StageStarted("fine-tune", "a", 0, 100)));
        Assert.Equal(25, Place(Loss("fine-tune", 25)));
        Assert.Equal(100, Place(new StageStarted("evaluate", "b", 0, 0)));
        Assert.Equal(100, Place(new StageStarted("prune", "c", 0, 40)));
        Assert.Equal(110, Place(Loss("prune", 10)));
        Assert.Equal(140, _projection.End);
    }

    [Fact]
    public void A_stage_that_resumes_keeps_its_place()
    {
        Place(new StageStarted("fine-tune", "a", 0, 100));
        Place(new StageStarted("prune", "c", 0, 40));
        Assert.Equal(120, Place(new StageStarted("prune", "c", 20, 40)));
        Assert.Equal(125, Place(Loss("prune", 25)));
        Assert.Equal(140, _projection.End);
    }

    [Fact]
    public void A_reused_stage_takes_its_steps_on_the_axis()
    {
        Assert.Equal(0, Place(new StageReused("fine-tune", "a", 100, 1)));
        Assert.Equal(25, Place(Loss("fine-tune", 25)));
        Assert.Equal(100, Place(new StageStarted("prune", "c", 0, 40)));
    }

    [Fact]
    public void Events_of_the_run_have_no_place()
    {
        Assert.Null(Place(new RunStarted("r", 1, 2, "cpu")));
        Assert.Null(Place(new RunFinished(1)));
        Assert.Null(Place(new Noted("fine-tune", "rows truncated")));
    }

    [Fact]
    public void A_checkpoints_scores_stand_where_it_was_trained()
    {
        Place(new StageStarted("fine-tune", "a", 0, 100));
        Place(new StageStarted("evaluate fine-tune", "b", 0, 0));
        Assert.Equal(70, Place(new Evaluated("evaluate fine-tune", 70, [Accuracy("hans", "dev", 0.5)], "fine-tune")));
    }

    [Fact]
    public void A_series_names_the_split_only_where_its_dataset_has_several()
    {
        Place(new StageStarted("fine-tune", "a", 0, 100));
        var projected = _projection.Apply(new Evaluated("fine-tune", 10, [Accuracy("mnli", "dev", 0.8), Accuracy("mnli", "test", 0.7), Accuracy("hans", "dev", 0.5), Accuracy("hans", "dev", 0.9, "heuristic=lexical_overlap,label=entailment")]));
        Assert.Equal(["eval/hans_accuracy", "eval/hans_lexical_overlap_entailment_accuracy", "eval/mnli_dev_accuracy", "eval/mnli_test_accuracy"], projected.Points.Keys);
        Assert.Equal(0.7, projected.Points["eval/mnli_test_accuracy"]);
    }

    [Fact]
    public void Slices_of_equal_values_are_series_of_their_own()
    {
        Place(new StageStarted("fine-tune", "a", 0, 100));
        string[] slices = ["genre=0", "length_quartile=0", "length=quartile_0", "overlap=low", "heuristic=subsequence", "subcase=sn_NP/S", "label=neutral", "logic=Negation,Conditionals"];
        var points = _projection.Apply(new Evaluated("fine-tune", 10, [.. slices.Select((slice, i) => Accuracy("set", "dev", i, slice))])).Points;
        Assert.Equal(
            ["eval/set_genre=0_accuracy", "eval/set_length=quartile_0_accuracy", "eval/set_length_quartile=0_accuracy", "eval/set_logic=Negation,Conditionals_accuracy", "eval/set_neutral_accuracy", "eval/set_overlap=low_accuracy", "eval/set_sn_NP/S_accuracy", "eval/set_subsequence_accuracy"],
            points.Keys);
        Assert.Equal(Enumerable.Range(0, slices.Length).Select(i => (double)i), points.Values.Order());
    }

    [Fact]
    public void Scores_of_what_was_not_trained_in_steps_make_no_points()
    {
        Place(new StageStarted("fit-bias", "a", 0, 0));
        var projected = _projection.Apply(new Evaluated("fit-bias", 0, [Accuracy("mnli", "dev", 0.4)]));
        Assert.Empty(projected.Points);
        Assert.Equal(0, projected.RunStep);
    }

    [Fact]
    public void The_body_is_the_event_with_its_place_and_values()
    {
        Place(new StageStarted("fine-tune", "a", 0, 100));
        var projected = _projection.Apply(new Evaluated("fine-tune", 10, [Accuracy("mnli", "dev", 0.8)]) { Sequence = 7 });
        var body = JsonElement.Parse(projected.Body);
        Assert.Equal("evaluated", projected.Kind);
        Assert.Equal("fine-tune", projected.Stage);
        Assert.Equal((7, 10, 10, 0.8), (body.GetProperty("sequence").GetInt32(), body.GetProperty("step").GetInt32(), body.GetProperty("run_step").GetInt32(), body.GetProperty("values").GetProperty("eval/mnli_accuracy").GetDouble()));
    }

    [Fact]
    public void Begun_anew_it_says_the_same_again()
    {
        RunEvent[] events = [new StageStarted("fine-tune", "a", 0, 100), Loss("fine-tune", 25), new StageStarted("prune", "c", 0, 40), Loss("prune", 10)];
        var first = events.Select(e => _projection.Apply(e).Body).ToList();
        _projection.Clear();
        Assert.Equal(first, events.Select(e => _projection.Apply(e).Body));
    }
}
