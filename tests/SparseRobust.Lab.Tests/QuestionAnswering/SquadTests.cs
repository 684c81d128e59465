using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class SquadTests : IDisposable
{
    private const string Context = "The owl 🦉🦉 met Zoë in Łódź.";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Answers_move_from_code_points_to_UTF_16_units(bool gzip)
    {
        _folder.Write("squad/dev-v1.1.json", File(Paragraph(Context, Row("q1", "Who?", (8, "🦉🦉"), (9, "🦉"), (15, "Zoë"), (22, "Łódź"), (0, "The")))), gzip);
        var set = Squad.Dev(_folder.Folders, CancellationToken.None);
        var question = Assert.Single(set.Questions);
        Assert.Equal(("q1", "Who?", Context, true), (question.Id, question.Text, question.Context, question.IsAnswerable));
        Assert.Equal([new TextRange(8, 12), new(10, 12), new(17, 20), new(24, 28), new(0, 3)], question.Answers.Select(answer => answer.Offsets));
        Assert.All(question.Answers, answer => Assert.Equal(answer.Text, answer.Offsets.Of(Context).ToString()));
        Assert.Equal(("squad", "dev", 10_570, false), (set.Name, set.Split, set.PublishedQuestions, set.AllowsNoAnswer));
    }

    [Fact]
    public void The_hash_is_that_of_the_decompressed_file_and_a_byte_order_mark_is_no_content()
    {
        var json = "\uFEFF" + File(Paragraph("a b", Row("q", "?", (0, "a"))));
        var plain = Read(_folder.Write("plain.json", json));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(json))), plain.Sha256);
        Assert.Equal(plain.Sha256, Read(_folder.Write("packed", json, gzip: true)).Sha256);
    }

    [Fact]
    public void Questions_about_one_paragraph_share_its_text()
    {
        var set = Read(_folder.Write("x.json", File(Paragraph("a b", Row("1", "?", (0, "a")), Row("2", "?", (2, "b"))))));
        Assert.Same(set.Questions[0].Context, set.Questions[1].Context);
    }

    [Fact]
    public void Version_2_has_questions_without_an_answer()
    {
        _folder.Write("dev-v2.0.json", File(Paragraph("a b", Row("yes", "?", (0, "a")), new
        {
            id = "no", question = "?", is_impossible = true, answers = Array.Empty<object>(), plausible_answers = new[] { new { text = "b", answer_start = 2 } },
        })));
        var set = Squad.DevV2(_folder.Folders, CancellationToken.None);
        Assert.Equal([("yes", true), ("no", false)], set.Questions.Select(question => (question.Id, question.IsAnswerable)));
        Assert.True(set.AllowsNoAnswer);
    }

    [Fact]
    public void Broken_questions_are_left_out_and_named_with_their_fault()
    {
        object impossible = new { id = "impossible", question = "?", is_impossible = true, answers = Array.Empty<object>() };
        var set = Read(_folder.Write("x.json", File(Paragraph(
            Context, Row("good", "?", (0, "The")), Row("shifted", "?", (0, "The"), (17, "Zoë")), Row("before", "?", (-1, "T")), Row("behind", "?", (27, "x")),
            Row("past", "?", (26, ".x")), Row("empty", "?", (0, "")), Row("none", "?"), Row("good", "again?", (0, "The")), Row("", "?", (0, "The")), impossible))));
        Assert.Equal("good", Assert.Single(set.Questions).Id);
        Assert.Equal(
            [
                ("shifted", "answer 1 does not stand at character 17 of the context"), ("before", "answer 0 does not stand at character -1 of the context"),
                ("behind", "answer 0 does not stand at character 27 of the context"), ("past", "answer 0 does not stand at character 26 of the context"),
                ("empty", "answer 0 is empty"), ("none", "it has no answer"), ("good", "the id occurs twice"), ("", "the id is empty"),
                ("impossible", "it is marked impossible, which only SQuAD 2.0 knows"),
            ],
            set.Broken.Select(broken => (broken.Id, broken.Reason)));
    }

    [Theory]
    [InlineData(20, 10, true)]
    [InlineData(20, 11, false)]
    [InlineData(12_000, 12, true)]
    [InlineData(12_000, 13, false)]
    public void A_file_is_refused_when_over_max_of_10_and_1_per_mille_of_its_questions_are_broken(int all, int broken, bool accepted)
    {
        var rows = Enumerable.Range(0, all).Select(i => Row($"q{i}", "?", (i < broken ? 1 : 0, "a"))).ToArray();
        var file = _folder.Write("x.json", File(Paragraph("a b", rows)));
        if (accepted)
        {
            Assert.Equal(broken, Read(file).Broken.Count);
            return;
        }
        var refusal = Assert.Throws<LabException>(() => Read(file));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains($"{broken} of {all} questions are broken and {broken - 1} are tolerated. First \"q0\": answer 0 does not stand at character 1", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "does not contain any JSON tokens")]
    [InlineData("null", "$")]
    [InlineData("{}", "data")]
    [InlineData("""{"data":[null]}""", "$.data[0]")]
    [InlineData("""{"data":[{"paragraphs":[{"context":"a","qas":[{"id":"q","question":null,"answers":[]}]}]}]}""", "$.data[0].paragraphs[0].qas[0].question")]
    [InlineData("""{"data":[{"paragraphs":[{"context":"a","qas":[{"id":"q","question":"?","answers":[{"text":"a","answer_start":0.5}]}]}]}]}""", "answers[0].answer_start")]
    [InlineData("""{"data":[{"paragraphs":[{"context":"\ud800","qas":[]}]}]}""", "$.data[0].paragraphs[0].context")]
    [InlineData("""{"data":[]} {""", "after a single JSON value")]
    [InlineData("""{"data":[]}""", "holds no question")]
    public void A_file_of_another_layout_is_refused_with_the_place(string json, string named)
    {
        var file = _folder.Write("x.json", json);
        var refusal = Assert.Throws<LabException>(() => Read(file));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_that_was_cut_short_is_refused_unless_it_still_holds_the_whole_content()
    {
        var file = _folder.Write("whole", File(Paragraph(Context, Row("q", "?", (0, "The")))), gzip: true);
        var (bytes, whole) = (System.IO.File.ReadAllBytes(file), Read(file).Sha256);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = _folder.Write("cut", bytes[..length]);
            if (length < bytes.Length - 16)
                Assert.Equal(ProblemCode.DatasetInvalid, Assert.Throws<LabException>(() => Read(cut)).Code);
            else if (Record.Exception(() => Assert.Equal(whole, Read(cut).Sha256)) is { } refusal)
                Assert.Equal(ProblemCode.DatasetInvalid, Assert.IsType<LabException>(refusal).Code);
        }
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(
        "squad/train-v2.0.json", Assert.Throws<LabException>(() => Squad.TrainV2(_folder.Folders, CancellationToken.None)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reading_can_be_cancelled() => Assert.Throws<OperationCanceledException>(
        () => Squad.Read(_folder.Write("x.json", File(Paragraph("a", Row("q", "?", (0, "a"))))), Expected, new CancellationToken(canceled: true)));

    internal static QuestionSet Expected { get; } = new("squad", "dev", [], "");

    internal static string File(params object[] paragraphs) => JsonSerializer.Serialize(new { version = "1.1", data = new[] { new { title = "Owls", paragraphs } } });

    internal static object Paragraph(string context, params object[] qas) => new { context, qas };

    internal static object Row(string id, string question, params (int Start, string Text)[] answers) =>
        new { id, question, answers = answers.Select(answer => new { answer_start = answer.Start, text = answer.Text }) };

    private static QuestionSet Read(string path) => Squad.Read(path, Expected, CancellationToken.None);
}
