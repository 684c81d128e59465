using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class RandomTokensTaskTests
{
    [Fact]
    public void Every_row_is_as_long_as_asked() =>
        Assert.All(Lengths(new RandomTokensTask { Rows = 200, Length = 40 }), length => Assert.Equal(40, length));

    [Fact]
    public void With_a_spread_the_longest_row_of_a_batch_changes()
    {
        var lengths = Lengths(new RandomTokensTask { Rows = 3200, Length = 128, LengthSpread = 0.9 });
        Assert.All(lengths, length => Assert.InRange(length, 17, 128));
        var longest = lengths.Chunk(32).Select(batch => batch.Max()).ToList();
        Assert.InRange(longest.Min(), 17, 60);
        Assert.InRange(longest.Max(), 120, 128);
        Assert.True(longest.Distinct().Count() > 30, $"{longest.Distinct().Count()} different lengths");
    }

    [Fact]
    public void The_widest_spread_leaves_rows_of_five_tokens() =>
        Assert.Equal(5, Lengths(new RandomTokensTask { Rows = 200, Length = 128, LengthSpread = 1 }).Min());

    // [CLS] and two [SEP] are added when a row is encoded; a word is a token.
    private static int[] Lengths(RandomTokensTask task) =>
        [.. task.Load(new DatasetFolders([]), CancellationToken.None).Train.Examples.Select(row => 3 + Words(row.FirstText) + Words(row.SecondText!))];

    private static int Words(string text) => text.Split(' ').Length;
}
