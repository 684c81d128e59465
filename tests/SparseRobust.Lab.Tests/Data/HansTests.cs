using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

public sealed class HansTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_carry_their_label_heuristic_and_subcase()
    {
        _folder.Write("hans/heuristics_evaluation_set.txt", DataFolder.FixtureText("hans.txt"));
        var data = Hans.Evaluation.Load(_folder.Folders, CancellationToken.None);
        Assert.Equal(("hans", "evaluation", 30_000), (data.Name, data.Split, data.PublishedRows));
        Assert.Equal([0, 1, 0, 1, 0, 1], data.Examples.Select(row => row.Label));
        Assert.Equal(("ex2", "The porter near the baker slept .", "The baker slept ."), (data.Examples[2].Id, data.Examples[2].FirstText, data.Examples[2].SecondText));
        Assert.Equal(("subsequence", "sn_PP_on_subject"), (data.Examples[2].Slices["heuristic"], data.Examples[2].Slices["subcase"]));
    }

    [Fact]
    public void A_regenerated_file_says_so_in_its_name_and_gives_way_to_the_original()
    {
        _folder.Write("hans/heuristics_train_set.regen.txt.gz", DataFolder.FixtureText("hans.txt"), gzip: true);
        Assert.Equal("hans-regenerated", Hans.Train.Load(_folder.Folders, CancellationToken.None).Name);
        _folder.Write("hans/heuristics_train_set.txt", DataFolder.FixtureText("hans.txt"));
        Assert.Equal("hans", Hans.Train.Load(_folder.Folders, CancellationToken.None).Name);
    }

    [Fact]
    public void Rows_without_all_eleven_columns_are_broken()
    {
        var file = _folder.Write("x", DataFolder.FixtureText("hans.txt") + string.Join('\t', Enumerable.Repeat("entailment", 10)) + "\n");
        Assert.Equal("10 columns instead of 11", Hans.Train.Read(file, CancellationToken.None).BrokenRows.Single().Reason);
    }

    [Fact]
    public void A_three_way_label_is_not_a_label_of_HANS()
    {
        var file = _folder.Write("x", DataFolder.FixtureText("hans.txt") + string.Join('\t', Enumerable.Repeat("neutral", 11)) + "\n");
        Assert.Contains("\"neutral\"", Hans.Train.Read(file, CancellationToken.None).BrokenRows.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_set_is_reported_with_candidates_folders_and_what_to_set()
    {
        var refusal = Assert.Throws<LabException>(() => Hans.Evaluation.Load(_folder.Folders, CancellationToken.None));
        Assert.Equal(ProblemCode.DatasetMissing, refusal.Code);
        foreach (var part in new[] { "HANS evaluation", "hans/heuristics_evaluation_set.txt", _folder.Root, "--data", "SPARSEROBUST_DATA" })
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    [DataFact]
    public void The_real_sets_are_balanced_over_heuristic_and_label()
    {
        foreach (var data in new[] { Hans.Evaluation.Load(DatasetFolders.FromEnvironment([]), CancellationToken.None), Hans.Train.Load(DatasetFolders.FromEnvironment([]), CancellationToken.None) })
        {
            Assert.Equal([15_000, 15_000], data.LabelCounts());
            Assert.Empty(data.BrokenRows);
            var cells = data.Examples.GroupBy(row => (row.Slices["heuristic"], row.Label)).ToList();
            Assert.Equal(6, cells.Count);
            Assert.All(cells, cell => Assert.Equal(5_000, cell.Count()));
            Assert.Equal(30, data.Examples.Select(row => row.Slices["subcase"]).Distinct().Count());
        }
    }
}
