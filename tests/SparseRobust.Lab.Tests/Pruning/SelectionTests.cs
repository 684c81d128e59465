using SparseRobust.Lab.Pruning;

namespace SparseRobust.Lab.Tests.Pruning;

public class SelectionTests
{
    [Theory]
    [InlineData(100, 0.58, 58)]
    [InlineData(10, 0.7, 7)]
    [InlineData(16_384, 0.7, 11_468)]
    [InlineData(7, 0.5, 3)]
    [InlineData(1000, 0.0, 0)]
    public void Zero_count_is_the_floor_of_the_exact_product(long numel, double sparsity, long expected) =>
        Assert.Equal(expected, Selection.ZeroCount(numel, sparsity));

    [Fact]
    public void The_largest_stay()
    {
        Assert.Equal([false, true, true, false], Keep([0.1f, 0.4f, 0.3f, 0.2f], 2));
    }

    [Fact]
    public void Ties_at_the_threshold_go_first_come_first_removed_so_the_count_is_exact()
    {
        Assert.Equal([false, false, true, true, true], Keep([1f, 1f, 1f, 2f, 1f], 2));
        Assert.Equal([false, false, false, true], Keep([0f, 0f, 0f, 0f], 3));
    }

    [Fact]
    public void Nothing_is_removed_at_sparsity_zero() => Assert.All(Keep([3f, 1f, 2f], 0), Assert.True);

    [Fact]
    public void The_count_is_exact_for_many_random_scores_with_ties()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            manual_seed(seed);
            var scores = randint(5, [97]).to_type(ScalarType.Float32);
            foreach (var zeros in new[] { 1, 48, 96 })
                Assert.Equal(97 - zeros, Selection.KeepLargest(scores, zeros).sum().item<long>());
        }
    }

    private static bool[] Keep(float[] scores, long zeros)
    {
        using var scope = NewDisposeScope();
        return Selection.KeepLargest(tensor(scores), zeros).data<bool>().ToArray();
    }
}
