using System.Text.Json.Nodes;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class GridNamesTests
{
    private static string Of(string values) => GridNames.Of(JsonNode.Parse(values)!.AsObject().ToDictionary(value => value.Key, value => value.Value));

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"paradigm.pruning.sparsity":0.7}""", "sparsity 0.7")]
    [InlineData("""{"paradigm.pruning.sparsity":0.7,"max_length":64}""", "sparsity 0.7, max_length 64")]
    [InlineData("""{"paradigm.fine_tuning.objective":{"kind":"product-of-experts"}}""", "objective product-of-experts")]
    [InlineData("""{"paradigm.pruning_training.objective.kind":"cross-entropy"}""", "objective cross-entropy")]
    [InlineData("""{"model":{"hidden_size":256,"kind":"bert"}}""", "model bert hidden_size 256")]
    [InlineData("""{"paradigm.pruning_training":null}""", "pruning_training null")]
    public void A_cell_is_named_by_the_last_words_of_its_axes(string values, string name) => Assert.Equal(name, Of(values));

    [Fact]
    public void Axes_with_the_same_last_word_keep_their_paths() =>
        Assert.Equal(
            "paradigm.fine_tuning.learning_rate 0.001, paradigm.pruning_training.learning_rate 0.01",
            Of("""{"paradigm.fine_tuning.learning_rate":0.001,"paradigm.pruning_training.learning_rate":0.01}"""));
}
