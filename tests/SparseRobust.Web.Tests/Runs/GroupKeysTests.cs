using SparseRobust.Web.Hosting;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class GroupKeysTests
{
    [Fact]
    public void Without_a_choice_runs_are_grouped_by_everything_but_the_seed() => Assert.Equal(["recipe_hash"], GroupKeys.Parse(null).By);

    [Fact]
    public void A_word_that_is_no_key_is_named()
    {
        var problem = Assert.Throws<Problem>(() => GroupKeys.Parse("task, sparcity"));
        Assert.Equal("RequestInvalid", problem.Code);
        Assert.Contains("\"sparcity\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_have_their_names_and_types()
    {
        var shown = GroupKeys.Parse("sparsity,pruning").Named([0.5, DBNull.Value]);
        Assert.Equal(0.5, (double?)shown["sparsity"]);
        Assert.Null(shown["pruning"]);
        Assert.Equal(2, shown.Count);
    }

    [Fact]
    public void A_recipes_hash_comes_with_what_it_stands_for() =>
        Assert.Equal(["recipe_hash", "task", "model", "paradigm", "pruning", "fine_tuning_objective", "pruning_objective", "sparsity"], GroupKeys.Parse("recipe_hash").Shown);
}
