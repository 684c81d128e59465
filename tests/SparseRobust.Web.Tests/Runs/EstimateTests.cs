using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class EstimateTests
{
    private const string Small = "bert 2 x 128, 512, 2 heads";

    private static StageShape Training(string? model = null) => new(StageShape.Training, "shortcut-nli", model ?? Small, 128, 32);

    private static StageShape Other(string name) => new(name, "shortcut-nli", Small, 128, 0);

    private static StageWork Train(string hash, int steps, string? model = null) => new(hash, "fine-tune", steps, Training(model));

    [Fact]
    public void Steps_times_the_median_seconds_of_a_step_and_the_median_size()
    {
        StageMeasurement[] measured = [new(Training(), 0.1, 300), new(Training(), 0.3, 100), new(Training(), 9, 200)];
        var estimate = Estimate.Of([Train("a", 10), Train("b", 30)], measured);
        Assert.Equal((2, 40), (estimate.Stages, estimate.TrainingSteps));
        Assert.Equal(40 * 0.3, estimate.Seconds!.Value, 1e-12);
        Assert.Equal(400, estimate.Bytes);
        Assert.StartsWith("Medians of 3 finished trainings and 0 other stages", estimate.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_of_GLUE_have_shapes_of_their_own()
    {
        static StageShape Of(GlueName name)
        {
            var recipe = new RunRecipe { Task = new GlueTask { Name = name }, Paradigm = new FullModel() };
            return StageShape.Of(recipe, StageOutline.Of(recipe, 2_490)[0]);
        }

        Assert.NotEqual(Of(GlueName.Rte), Of(GlueName.Qqp));
        Assert.Equal("glue rte", Of(GlueName.Rte).Task);
    }

    [Fact]
    public void A_stage_that_several_runs_share_counts_once()
    {
        var estimate = Estimate.Of([Train("a", 10), Train("a", 10)], [new(Training(), 2, 5)]);
        Assert.Equal((1, 10, 20.0, 5), (estimate.Stages, estimate.TrainingSteps, estimate.Seconds, estimate.Bytes));
    }

    [Fact]
    public void Another_models_measurements_are_no_basis()
    {
        var estimate = Estimate.Of([Train("a", 10)], [new(Training("bert 2 x 256, 512, 2 heads"), 2, 5)]);
        Assert.Equal((10, null, null, Estimate.Unmeasured), (estimate.TrainingSteps, estimate.Seconds, estimate.Bytes, estimate.Basis));
    }

    [Fact]
    public void One_training_without_a_measurement_leaves_all_without_an_estimate()
    {
        var estimate = Estimate.Of([Train("a", 10), Train("b", 10, "bert 12 x 128, 512, 2 heads")], [new(Training(), 2, 5)]);
        Assert.Null(estimate.Seconds);
        Assert.Equal(20, estimate.TrainingSteps);
    }

    [Fact]
    public void Stages_that_train_nothing_count_whole_and_are_named_when_unmeasured()
    {
        StageWork[] work = [Train("a", 10), new("b", "evaluate fine-tune", 0, Other("evaluate fine-tune")), new("c", "fit-bias", 0, Other("fit-bias"))];
        var estimate = Estimate.Of(work, [new(Training(), 2, 5), new(Other("evaluate fine-tune"), 7, 1)]);
        Assert.Equal((3, 27.0, 6), (estimate.Stages, estimate.Seconds, estimate.Bytes));
        Assert.EndsWith("Not counted, for want of a finished one: fit-bias.", estimate.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_do_costs_nothing()
    {
        var estimate = Estimate.Of([], []);
        Assert.Equal((0, 0, 0.0, 0), (estimate.Stages, estimate.TrainingSteps, estimate.Seconds, estimate.Bytes));
    }

    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 9.0, 1, 3 }, 3)]
    [InlineData(new[] { 4.0, 1, 2, 100 }, 3)]
    public void The_median_is_the_middle(double[] values, double median) => Assert.Equal(median, Estimate.Median(values));
}
