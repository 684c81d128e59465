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
            "5c6ba6edb2c6966e3558680e5426c8a168c85e634ad82c1bdfcc6842a3a0435d",
            "a9b5c2df0bde6a6914297362f2d616966dc59f994094d8a16ba019cf2a4fe64b",
            "c610b5c7b18dc03d2cbe78397b387db6f8781867317c7018fa149a909d964c99",
            "9a193fb67ec2d8b528f52df7b0f2865ec3c4110ca33eb9d69559c8e537fb92ad",
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
