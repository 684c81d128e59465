using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RunAxisTests
{
    private static string Started(string stage, int runStep, int fromStep, int total) =>
        $$"""{"event":"stage_started","stage":"{{stage}}","stage_hash":"h-{{stage}}","run_step":{{runStep}},"from_step":{{fromStep}},"total_steps":{{total}}}""";

    private static string Finished(string stage, double seconds) => FormattableString.Invariant($$"""{"event":"stage_finished","stage":"{{stage}}","stage_hash":"h","wall_seconds":{{seconds}}}""");

    [Fact]
    public void Stages_lie_end_to_end_and_only_those_with_steps_are_spans()
    {
        var stages = RunAxis.Stages([Started("fine-tune", 0, 0, 100), Finished("fine-tune", 2.5), Started("evaluate", 100, 0, 0), Started("prune", 100, 0, 40)]);

        Assert.Equal(["fine-tune", "evaluate", "prune"], stages.Select(stage => stage.Name));
        Assert.Equal(2.5, stages[0].Seconds);
        Assert.Null(stages[2].Seconds);
        Assert.Equal([(0L, 100L), (100L, 140L)], RunAxis.Spans(stages).Select(span => (span.Start, span.End)));
    }

    [Fact]
    public void A_stage_that_goes_on_from_a_checkpoint_keeps_its_place()
    {
        var stages = RunAxis.Stages([Started("prune", 100, 0, 40), Started("prune", 115, 15, 40)]);

        var stage = Assert.Single(stages);
        Assert.Equal((100L, 40L), (stage.Start, stage.Steps!.Value));
    }

    [Fact]
    public void A_stage_that_was_there_counts_as_reused_even_without_steps()
    {
        var stage = Assert.Single(RunAxis.Stages(["""{"event":"stage_reused","stage":"fit-bias","stage_hash":"abc"}"""]));

        Assert.True(stage.Reused);
        Assert.Null(stage.Steps);
        Assert.Equal("abc", stage.Hash);
    }
}
