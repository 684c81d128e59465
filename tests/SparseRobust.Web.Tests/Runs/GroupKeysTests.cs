using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class GroupKeysTests
{
    private static readonly GroupedRun Dense = new("a-1", "a", 1, 0, RunState.Succeeded, null, null, "mnli-hans", "bert", "full-model", null, "cross-entropy", null, null, default);
    private static readonly GroupedRun Pruned = Dense with { Id = "b-1", RecipeHash = "b", Paradigm = "after-fine-tuning", Pruning = "magnitude", Sparsity = 0.5 };

    [Fact]
    public void Without_a_choice_runs_are_grouped_by_everything_but_the_seed() => Assert.Equal(["recipe_hash"], GroupKeys.Parse(null));

    [Fact]
    public void A_word_that_is_no_key_is_named()
    {
        var problem = Assert.Throws<Problem>(() => GroupKeys.Parse("task, sparcity"));
        Assert.Equal("RequestInvalid", problem.Code);
        Assert.Contains("\"sparcity\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_with_equal_values_are_one_group()
    {
        var by = GroupKeys.Parse("task,fine_tuning_objective");
        Assert.Equal(GroupKeys.Of(Dense, by), GroupKeys.Of(Pruned, by));
        Assert.Equal(GroupKeys.Of(Dense, by).GetHashCode(), GroupKeys.Of(Pruned, by).GetHashCode());
    }

    [Fact]
    public void A_dense_model_is_not_one_of_sparsity_0()
    {
        var by = GroupKeys.Parse("sparsity");
        Assert.NotEqual(GroupKeys.Of(Dense, by), GroupKeys.Of(Pruned with { Sparsity = 0 }, by));
        Assert.Null(GroupKeys.Of(Dense, by).Shown(Dense)["sparsity"]);
    }

    [Fact]
    public void A_recipes_hash_comes_with_what_it_stands_for()
    {
        var shown = GroupKeys.Of(Pruned, GroupKeys.Parse(null)).Shown(Pruned);
        Assert.Equal("b", (string?)shown["recipe_hash"]);
        Assert.Equal(0.5, (double?)shown["sparsity"]);
        Assert.Equal("magnitude", (string?)shown["pruning"]);
    }
}
