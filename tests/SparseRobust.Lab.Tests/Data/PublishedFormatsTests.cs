using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>What the readers make of each public format's rows.</summary>
public sealed class PublishedFormatsTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("qqp.tsv", "1 0 1 0 1 0")]
    [InlineData("paws.tsv", "0 1 1 1 0 1")]
    [InlineData("paws.bytes.tsv", "0 1 1 1 0 1")]
    [InlineData("fever.jsonl", "0 1 2 0 1 2")]
    [InlineData("symmetric.v1.jsonl", "0 1 0 1 0 1")]
    [InlineData("symmetric.v2.jsonl", "0 1 0 1 0 1")]
    [InlineData("fm2.jsonl", "0 1 0 1")]
    [InlineData("cola.tsv", "1 0 1 0 1 0")]
    [InlineData("sst2.tsv", "1 0 1 0 1 0")]
    [InlineData("mrpc.tsv", "1 0 1 0 1")]
    [InlineData("stsb.tsv", "0 0 0 0 0")]
    [InlineData("qnli.tsv", "1 0 1 0 1")]
    [InlineData("rte.tsv", "1 0 1 0 1")]
    [InlineData("wnli.tsv", "1 0 1 0 1")]
    [InlineData("ax.tsv", "0 1 2 1")]
    public void Labels_are_mapped_by_name_and_line_ends_and_marks_do_not_matter(string fixture, string labels)
    {
        var split = DatasetFixtures.All[fixture];
        var data = DatasetFixtures.Read(fixture);
        Assert.Equal(labels, string.Join(' ', data.Examples.Select(row => row.Label)));
        Assert.Equal((split.Name, split.Split, split.PublishedRows), (data.Name, data.Split, data.PublishedRows));
        Assert.Empty(data.BrokenRows);
        var windows = split.Read(_folder.Write("windows", "\uFEFF" + DataFolder.FixtureText(fixture).Replace("\n", "\r\n", StringComparison.Ordinal), gzip: true), CancellationToken.None);
        Assert.Equal(data.Examples.Select(Shown), windows.Examples.Select(Shown));
    }

    [Fact]
    public void Each_text_is_where_the_task_wants_it()
    {
        AssertTexts("qqp.tsv", 2, "72", "Who wrote the old \"harbour song\"?", "Who is the author of the old harbour song?");
        AssertTexts("fever.jsonl", 0, "9000", "The mill burnt down in 1911.", "The mill ( built in 1860 ) burnt down in the winter of 1911 .");
        AssertTexts("fever.jsonl", 1, "9001", "The ferry never ran.", "The ferry ran daily : from the pier to the island .");
        AssertTexts("symmetric.v1.jsonl", 1, "500000001", "The mill burnt down in 1911 .", "The mill ( built in 1860 ) still stands .");
        AssertTexts("symmetric.v2.jsonl", 2, "602", "The market is loud .", "The market is known for its noise .");
        AssertTexts("fm2.jsonl", 2, "a2", "Zoë's café opened in March.", "Zoë 's café [ ˈkafe ] opened its doors in March . It is told to this day.");
        AssertTexts("cola.tsv", 4, "5", "Zoë's café is \"open\".", null);
        AssertTexts("sst2.tsv", 0, "2", "a warm , generous film ", null);
        AssertTexts("mrpc.tsv", 2, "4", "\"We are glad , \" the baker said .", "The baker said that they were glad .");
        AssertTexts("qnli.tsv", 1, "1", "What happened 1?", "The tram was late.");
        AssertTexts("ax.tsv", 2, "4", "The baker thanked the porter.", "The porter thanked the baker.");
    }

    [Fact]
    public void Byte_literals_of_a_self_built_PAWS_become_its_texts() =>
        Assert.Equal(DatasetFixtures.Read("paws.tsv").Examples.Select(Shown), DatasetFixtures.Read("paws.bytes.tsv").Examples.Select(Shown));

    [Fact]
    public void A_graded_row_has_a_target_and_no_classes_to_share()
    {
        var data = DatasetFixtures.Read("stsb.tsv");
        Assert.True(data.Labels.IsRegression);
        Assert.Equal([5f, 0.4f, 3.25f, 1f, 4.2f], data.Examples.Select(row => row.Target));
        Assert.Equal("main-news", data.Examples[2].Slices["genre"]);
        Assert.Empty(DatasetListing.Of(data).LabelShares);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("5.001")]
    [InlineData("-1")]
    [InlineData("1,5")]
    public void A_score_outside_its_scale_is_a_broken_row(string score)
    {
        var file = _folder.Write("x", DataFolder.FixtureText("stsb.tsv") + $"9\tg\tf\ty\to\ts\ts\ta\tb\t{score}\n");
        Assert.Equal($"the score \"{score}\" is no number from 0 to 5", Glue.Stsb.Dev.Read(file, CancellationToken.None).BrokenRows.Single().Reason);
    }

    [Fact]
    public void The_diagnostic_set_has_its_phenomena_as_slices()
    {
        var rows = DatasetFixtures.Read("ax.tsv").Examples;
        Assert.Equal(["[domain, Artificial]", "[logic, Negation]"], rows[0].Slices.Select(slice => slice.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("Lexical entailment;Factivity", rows[3].Slices["lexical-semantics"]);
        Assert.Equal("Core args", rows[2].Slices["predicate-argument-structure"]);
    }

    [Fact]
    public void Classes_are_named_and_the_positive_one_is_known()
    {
        string Positive(string fixture) => DatasetFixtures.Read(fixture).Labels is { PositiveClass: { } positive } labels ? labels.Names[positive] : "none";
        Assert.Equal(
            ["duplicate", "duplicate", "none", "acceptable", "positive", "equivalent", "entailment", "entailment", "entailment", "none"],
            new[] { "qqp.tsv", "paws.tsv", "fever.jsonl", "cola.tsv", "sst2.tsv", "mrpc.tsv", "qnli.tsv", "rte.tsv", "wnli.tsv", "ax.tsv" }.Select(Positive));
    }

    [Fact]
    public void Rows_of_QQP_with_other_than_six_cells_are_broken_and_an_open_quote_is_named()
    {
        var file = _folder.Write("QQP/train.tsv", DataFolder.FixtureText("qqp.tsv") + "90\t1\t2\t\"Why is\nthe harbour closed?\"\tWhy?\t1\n91\t1\t2\ta\tb\t1\tx\n92\t1\t2\ta\tb\t2\n");
        var broken = Qqp.Train.Load(_folder.Folders, CancellationToken.None).BrokenRows;
        Assert.Equal([8, 9, 10, 11], broken.Select(row => row.Line));
        Assert.Equal(
            [
                "4 columns instead of 6, with a quote left open: a record broken over lines", "3 columns instead of 6, with a quote left open: a record broken over lines",
                "more than 6 columns instead of 6", "the label \"2\" is none of 0, 1",
            ],
            broken.Select(row => row.Reason));
        Assert.NotNull(file);
    }

    [Fact]
    public void A_quoted_table_is_refused_with_the_reason()
    {
        var file = _folder.Write("x", "\"id\"\t\"qid1\"\t\"qid2\"\t\"question1\"\t\"question2\"\t\"is_duplicate\"\n\"0\"\t\"1\"\t\"2\"\t\"a\"\t\"b\"\t\"0\"\n");
        var refusal = Assert.Throws<LabException>(() => Qqp.Train.Read(file, CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains("Its cells are quoted", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index\tsentence\n0\tA test sentence.\n", "cola.tsv")]
    [InlineData("index\tsentence\n0\tA test sentence.\n", "sst2.tsv")]
    [InlineData("index\tsentence1\tsentence2\n0\ta\tb\n", "rte.tsv")]
    [InlineData("index\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t1\t2\ta\tb\n", "mrpc.tsv")]
    public void A_test_table_without_labels_is_refused(string content, string fixture)
    {
        var file = _folder.Write("x", content);
        Assert.Equal(ProblemCode.DatasetInvalid, Assert.Throws<LabException>(() => DatasetFixtures.All[fixture].Read(file, CancellationToken.None)).Code);
    }

    [Fact]
    public void The_first_name_of_a_field_wins_wherever_it_stands()
    {
        const string rows = """
            {"label": "REFUTES", "gold_label": "SUPPORTS", "sentence2": "no", "claim": "yes", "evidence": "e", "evidence_sentence": "no"}
            {"gold_label": "SUPPORTS", "label": "REFUTES", "claim": "yes", "sentence2": "no", "sentence1": "no", "evidence_sentence": "e"}
            {"gold_label": null, "label": "SUPPORTS", "claim": "no", "claim": "yes", "evidence": "e"}
            """;
        var data = Fever.Train.Read(_folder.Write("x", rows), CancellationToken.None);
        Assert.Equal(Enumerable.Repeat(("yes", "e", 0), 3), data.Examples.Select(row => (row.FirstText, row.SecondText!, row.Label)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"text\": \"a\"}")]
    [InlineData("[1, \"text\", [{\"text\": \"a\"}], {\"other\": \"a\"}, {\"text\": 5}]")]
    public void A_claim_without_evidence_texts_is_a_broken_row(string evidence)
    {
        var file = _folder.Write("x", DataFolder.FixtureText("fm2.jsonl") + $"{{\"text\": \"a\", \"label\": \"SUPPORTS\", \"gold_evidence\": {evidence}}}\n");
        Assert.Equal("no text in field \"gold_evidence\"", FoolMeTwice.Dev.Read(file, CancellationToken.None).BrokenRows.Single().Reason);
    }

    private static void AssertTexts(string fixture, int place, string id, string first, string? second)
    {
        var row = DatasetFixtures.Read(fixture).Examples[place];
        Assert.Equal((id, first, second), (row.Id, row.FirstText, row.SecondText));
    }

    private static string Shown(Example row) => $"{row.Id}|{row.FirstText}|{row.SecondText}|{row.Label}|{row.Target}|{string.Join(',', row.Slices)}";
}
