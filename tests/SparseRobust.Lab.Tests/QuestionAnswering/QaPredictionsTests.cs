using System.Text.Json;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class QaPredictionsTests : IDisposable
{
    private static readonly QaPredictions Predictions = new(
    [
        new QuestionAnswer("z", "Łódź \"🦉\"", [new("Łódź \"🦉\"", new TextRange(3, 12), 1.5f, 2, 0.75), new("", null, 0, -0.1f, 0.25)]),
        new QuestionAnswer("a", "", [new("", null, 0, 0, 1)]),
    ]);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predictions_are_one_object_from_id_to_text_in_the_order_given()
    {
        var file = Path.Combine(_folder.Root, "new", "predictions.json");
        Predictions.WritePredictions(file);
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.Equal([("z", "Łódź \"🦉\""), ("a", "")], json.RootElement.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString()!)));
    }

    [Fact]
    public void Candidates_are_written_with_their_numbers()
    {
        var file = Path.Combine(_folder.Root, "nbest.json");
        Predictions.WriteNBest(file);
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.Equal(["z", "a"], json.RootElement.EnumerateObject().Select(entry => entry.Name));
        Assert.Equal(
            [("Łódź \"🦉\"", 0.75, 1.5f, 2f), ("", 0.25, 0f, -0.1f)],
            json.RootElement.GetProperty("z").EnumerateArray().Select(candidate => (
                candidate.GetProperty("text").GetString()!, candidate.GetProperty("probability").GetDouble(),
                candidate.GetProperty("start_logit").GetSingle(), candidate.GetProperty("end_logit").GetSingle())));
    }

    [Fact]
    public void Texts_are_found_by_id()
    {
        Assert.Equal((2, "Łódź \"🦉\"", ""), (Predictions.Texts.Count, Predictions.Texts["z"], Predictions.Texts["a"]));
        Assert.Equal(["z", "a"], Predictions.Answers.Select(answer => answer.Id));
    }

    [Fact]
    public void A_question_is_answered_once() => Assert.Throws<ArgumentException>(() => new QaPredictions([.. Predictions.Answers, Predictions.Answers[0]]));
}
