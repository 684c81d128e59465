using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

public sealed class MnliTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mnli.jsonl", "multinli_1.0_dev_matched.jsonl")]
    [InlineData("mnli.jsonl", "mnli/dev_matched.jsonl")]
    [InlineData("mnli.txt", "multinli_1.0/multinli_1.0_dev_matched.txt")]
    [InlineData("mnli.glue.tsv", "MNLI/dev_matched.tsv")]
    [InlineData("mnli.glue.tsv", "glue_data/MNLI/dev_matched.tsv")]
    public void Every_public_format_gives_the_same_rows(string fixture, string path)
    {
        foreach (var gzip in new[] { false, true })
        {
            _folder.Write(gzip ? path + ".gz" : path, DataFolder.FixtureText(fixture), gzip);
            var data = Mnli.DevMatched.Load(_folder.Folders, CancellationToken.None);
            Assert.Equal(("mnli", "dev_matched", 9_815, 1), (data.Name, data.Split, data.PublishedRows, data.UnlabelledRows));
            Assert.Empty(data.BrokenRows);
            Assert.Equal(["1e", "2n", "3c", "5e", "6n", "7c"], data.Examples.Select(row => row.Id));
            Assert.Equal([1, 2, 0, 1, 2, 0], data.Examples.Select(row => row.Label));
            Assert.Equal("The room was crowded, said \"the porter\".", data.Examples[2].SecondText);
            Assert.Equal("Zoë's café closed in März.", data.Examples[4].FirstText);
            Assert.Equal("fiction", data.Examples[0].Slices["genre"]);
            Assert.Empty(data.Examples[4].Slices);
            Assert.Empty(data.Examples[5].Slices);
            File.Delete(data.SourcePath!);
        }
    }

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_do_not_reach_the_rows()
    {
        foreach (var fixture in new[] { "mnli.jsonl", "mnli.txt", "mnli.glue.tsv" })
        {
            var plain = Mnli.Train.Read(_folder.Write("plain", DataFolder.FixtureText(fixture)), CancellationToken.None);
            var windows = "\uFEFF" + DataFolder.FixtureText(fixture).Replace("\n", "\r\n", StringComparison.Ordinal);
            var read = Mnli.Train.Read(_folder.Write("windows", windows), CancellationToken.None);
            Assert.Equal(plain.Examples.Select(Shown), read.Examples.Select(Shown));
            Assert.NotEqual(plain.Sha256, read.Sha256);
        }
    }

    [Fact]
    public void A_table_without_a_header_is_read_by_position()
    {
        var table = DataFolder.FixtureText("mnli.glue.tsv");
        var read = Mnli.Train.Read(_folder.Write("MNLI/train.tsv", table[(table.IndexOf('\n', StringComparison.Ordinal) + 1)..]), CancellationToken.None);
        Assert.Equal(["1e", "2n", "3c", "5e", "6n", "7c"], read.Examples.Select(row => row.Id));
    }

    [Fact]
    public void A_row_without_an_id_is_known_by_its_line()
    {
        var read = Mnli.Train.Read(_folder.Write("x", """{"gold_label":"neutral","sentence1":"a","sentence2":"b"}"""), CancellationToken.None);
        Assert.Equal("1", read.Examples.Single().Id);
    }

    [Fact]
    public void Broken_rows_are_listed_with_line_and_reason()
    {
        string[] broken =
        [
            "[]", "{", "{}x", "", """{"gold_label":"maybe","sentence1":"a","sentence2":"b"}""", """{"gold_label":"neutral","sentence1":null,"sentence2":"b"}""",
            """{"gold_label":"neutral","sentence1":"\ud800","sentence2":"b"}""", """{"gold_label":"neutral","sentence1":["a"],"sentence2":"b"}""",
        ];
        var read = Mnli.Train.Read(_folder.Write("x", DataFolder.FixtureText("mnli.jsonl") + string.Join('\n', broken) + "\n"), CancellationToken.None);
        Assert.Equal(6, read.Examples.Count);
        Assert.Equal(Enumerable.Range(8, broken.Length), read.BrokenRows.Select(row => row.Line));
        Assert.Equal(
            [
                "not a JSON object", "not valid JSON", "not valid JSON", "not valid JSON", "the label \"maybe\" is none of contradiction, entailment, neutral",
                "no text in field \"sentence1\"", "not valid Unicode", "no text in field \"sentence1\"",
            ],
            read.BrokenRows.Select(row => row.Reason));
    }

    [Theory]
    [InlineData(10, 100, true)]
    [InlineData(11, 100, false)]
    [InlineData(20, 20_000, true)]
    [InlineData(21, 20_000, false)]
    public void At_most_ten_rows_or_one_in_a_thousand_may_be_broken(int broken, int rows, bool tolerated)
    {
        var good = Enumerable.Repeat("""{"gold_label":"neutral","sentence1":"a","sentence2":"b"}""", rows - broken);
        var file = _folder.Write("x", string.Join('\n', good.Concat(Enumerable.Repeat("{}", broken))));
        if (tolerated)
        {
            Assert.Equal(broken, Mnli.Train.Read(file, CancellationToken.None).BrokenRows.Count);
            return;
        }
        var refusal = Assert.Throws<LabException>(() => Mnli.Train.Read(file, CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{broken} of {rows} rows", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"line {rows - broken + 1}: no text in field", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_with_a_wrong_number_of_columns_are_broken_but_missing_last_votes_are_not()
    {
        var table = DataFolder.FixtureText("mnli.txt") + "neutral\ta\tb\n" + new string('\t', 15) + "\n";
        var read = Mnli.Train.Read(_folder.Write("x", table), CancellationToken.None);
        Assert.Equal(6, read.Examples.Count);
        Assert.Equal(["3 columns instead of 15", "more than 15 columns instead of 15"], read.BrokenRows.Select(row => row.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("id\tquestion1\tquestion2\n1\ta\tb\n")]
    [InlineData("index\tsentence1\tsentence2\n0\ta\tb\n")]
    [InlineData("<html><body>Not found</body></html>")]
    public void A_file_of_another_kind_is_refused_by_name(string content)
    {
        var file = _folder.Write("x", content);
        var refusal = Assert.Throws<LabException>(() => Mnli.Train.Read(file, CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_stops_when_cancelled() => Assert.Throws<OperationCanceledException>(
        () => Mnli.Train.Read(_folder.Write("x", DataFolder.FixtureText("mnli.jsonl")), new CancellationToken(canceled: true)));

    [DataFact]
    public void The_real_sets_have_the_counts_they_are_known_for()
    {
        var folders = DatasetFolders.FromEnvironment([]);
        var dev = Mnli.DevMatched.Load(folders, CancellationToken.None);
        Assert.Equal([3213, 3479, 3123], dev.LabelCounts());
        Assert.Equal(10, dev.Examples.Select(row => row.Slices["genre"]).Distinct().Count() * 2);
        var train = Mnli.Train.Load(folders, CancellationToken.None);
        if (train.Examples.Count == train.PublishedRows)
            return; // The whole set: the counts below are those of the subset.
        Assert.Equal([7500, 7482, 7578], train.LabelCounts());
        Assert.Equal(9_572, train.Examples.Count(row => row.Slices.Count == 0));
        Assert.Empty(train.BrokenRows);
    }

    private static string Shown(Example row) => $"{row.Id}|{row.FirstText}|{row.SecondText}|{row.Label}|{string.Join(',', row.Slices)}";
}
