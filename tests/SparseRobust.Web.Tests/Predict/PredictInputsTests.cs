using System.Text.Json;
using SparseRobust.Lab.Serving;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Tests.Predict;

public sealed class PredictInputsTests
{
    private static PredictInputs Read(string json) => PredictInputs.Read(JsonElement.Parse(json));

    private static Problem Refusal(string json) => Assert.Throws<Problem>(() => Read(json));

    [Theory]
    [InlineData("""  "a b"  """, "a b", null)]
    [InlineData("""  ["p", "h"]  """, "p", "h")]
    [InlineData("""  {"text": "p"}  """, "p", null)]
    [InlineData("""  {"text": "p", "text_pair": "h"}  """, "p", "h")]
    [InlineData("""  {"text_pair": null, "text": "p"}  """, "p", null)]
    public void One_input_is_a_text_a_pair_or_an_object(string json, string text, string? pair)
    {
        var inputs = Read(json);
        Assert.False(inputs.IsBatch);
        Assert.Equal([new PredictInput(text, pair)], inputs.Items);
    }

    [Fact]
    public void A_list_of_lists_or_objects_is_a_batch_even_of_one()
    {
        var inputs = Read("""[["a"], ["p", "h"], {"text": "b"}, {"text": "q", "text_pair": "i"}]""");
        Assert.True(inputs.IsBatch);
        Assert.Equal([new PredictInput("a", null), new PredictInput("p", "h"), new PredictInput("b", null), new PredictInput("q", "i")], inputs.Items);
        Assert.True(Read("""[["a"]]""").IsBatch);
    }

    [Theory]
    [InlineData("""  "  "  """, "$.inputs is")]
    [InlineData("[]", "$.inputs is")]
    [InlineData("""  ["p", ""]  """, "$.inputs[1] is")]
    [InlineData("""  [["a"], []]  """, "$.inputs[1] is")]
    [InlineData("""  [["a"], ["p", " "]]  """, "$.inputs[1][1] is")]
    [InlineData("""  {"text": "p", "text_pair": ""}  """, "$.inputs.text_pair is")]
    public void An_empty_text_is_refused_with_its_place(string json, string start)
    {
        var problem = Refusal(json);
        Assert.Equal("InputEmpty", problem.Code);
        Assert.StartsWith(start, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "$.inputs")]
    [InlineData("null", "$.inputs")]
    [InlineData("""  ["a"]  """, "$.inputs")]
    [InlineData("""  ["a", "b", "c"]  """, "$.inputs")]
    [InlineData("""  [["a"], "b"]  """, "$.inputs[1]")]
    [InlineData("""  [["a", "b", "c"]]  """, "$.inputs[0]")]
    [InlineData("""  [["a", 1]]  """, "$.inputs[0][1]")]
    [InlineData("""  [["a"], {"txt": "b"}]  """, "$.inputs[1].txt")]
    [InlineData("""  {"text_pair": "h"}  """, "$.inputs.text")]
    [InlineData("""  "\ud800"  """, "$.inputs")]
    public void Other_shapes_are_refused_with_their_place(string json, string path)
    {
        var problem = Refusal(json);
        Assert.Equal("RequestInvalid", problem.Code);
        Assert.Equal(path, Assert.Single(problem.Faults).Path);
    }

    [Fact]
    public void A_body_without_inputs_is_told_so() => Assert.StartsWith("$.inputs: is missing", Assert.Throws<Problem>(() => PredictInputs.Read(default)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_request_takes_thirty_two_texts_and_no_more()
    {
        static string Batch(int count) => JsonSerializer.Serialize(Enumerable.Repeat(new[] { "a" }, count));
        Assert.Equal(32, Read(Batch(32)).Items.Count);
        Assert.Equal("BatchTooLarge", Refusal(Batch(33)).Code);
    }

    [Theory]
    [InlineData(null, "left", null)]
    [InlineData(false, "left", null)]
    [InlineData(true, null, TruncationDirection.Right)]
    [InlineData(true, "Left", TruncationDirection.Left)]
    [InlineData(true, "RIGHT", TruncationDirection.Right)]
    public void Texts_are_cut_only_when_asked_and_from_the_end_that_is_named(bool? truncate, string? direction, TruncationDirection? expected) =>
        Assert.Equal(expected, new PredictRequest { Truncate = truncate, TruncationDirection = direction }.Cut());

    [Fact]
    public void An_unknown_direction_is_refused_even_when_nothing_is_to_be_cut() =>
        Assert.Equal("$.truncation_direction", Assert.Single(Assert.Throws<Problem>(() => new PredictRequest { TruncationDirection = "up" }.Cut()).Faults).Path);
}
