using System.Text.Json.Nodes;
using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Tests.Predict;

public sealed class PagePredictionTests
{
    [Theory]
    [InlineData("""[[{"label":"neutral","score":0.7},{"label":"entailment","score":0.3}]]""")]
    [InlineData("""[{"label":"neutral","score":0.7},{"label":"entailment","score":0.3}]""")]
    public void Labels_are_read_from_a_batch_or_a_single_answer_and_ordered_by_name(string json) =>
        Assert.Equal([new("entailment", 0.3), new("neutral", 0.7)], PagePrediction.LabelsOf(JsonNode.Parse(json)));
}
