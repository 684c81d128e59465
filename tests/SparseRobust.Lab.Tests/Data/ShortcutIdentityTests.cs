using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class ShortcutIdentityTests
{
    private static readonly ShortcutNliTask Small = new() { TrainRows = 300, EvaluationRows = 90 };

    [Fact]
    public void Same_settings_give_the_same_rows_and_hashes()
    {
        var first = Generate(Small);
        var second = Generate(Small with { });
        Assert.Equal(Hashes(first), Hashes(second));
        Assert.Equal(first.Train.Examples.Select(row => (row.Id, row.FirstText, row.SecondText, row.Label)), second.Train.Examples.Select(row => (row.Id, row.FirstText, row.SecondText, row.Label)));
    }

    [Fact]
    public void Default_data_are_pinned()
    {
        // A change here means other data under an old name: raise ShortcutNli.GeneratorVersion with it.
        Assert.Equal("shortcut-nli/1", ShortcutNli.GeneratorVersion);
        string[] expected =
        [
            "7db36650f3399698152eeaa09e47dda43d8f6119ba055af07a1bbb7616687c1a",
            "a83e60ebdb800e44fda7108a7d9929aa7818677d80809acfec64733b4babdafa",
            "106a486dcd0e81e7cd11295a9fcc7653bbcb9aa6b29494cf4a66191300035def",
            "6317968b124f4cb0ab7b4f12b9d9e279dbff576b014f7e38ab69be4baf54ebaa",
        ];
        Assert.Equal(expected, Hashes(Generate(new ShortcutNliTask())));
    }

    [Fact]
    public void Any_setting_changes_every_hash()
    {
        var hashes = Hashes(Generate(Small));
        ShortcutNliTask[] others =
            [Small with { Strength = 0.8 }, Small with { TrainRows = 303 }, Small with { EvaluationRows = 93 }, Small with { GeneratorSeed = 2 }];
        Assert.All(others, other => Assert.Empty(Hashes(Generate(other)).Intersect(hashes)));
    }

    [Fact]
    public void Cancellation_stops_the_generator()
    {
        Assert.Throws<OperationCanceledException>(() => new ShortcutNli(Small).Generate(new CancellationToken(canceled: true)));
    }

    private static List<string> Hashes(TaskData data) => [data.Train.Sha256, data.Dev.Sha256, .. data.OutOfDistribution.Select(set => set.Dataset.Sha256)];

    private static TaskData Generate(ShortcutNliTask task) => new ShortcutNli(task).Generate(CancellationToken.None);
}
