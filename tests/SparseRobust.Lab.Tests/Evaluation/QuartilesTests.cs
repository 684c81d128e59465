using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public class QuartilesTests
{
    [Fact]
    public void Eight_numbers_make_four_pairs_named_by_their_ends() =>
        Assert.Equal(
            ["x=q3_5_to_6", "x=q1_1_to_2", "x=q4_7_to_8", "x=q1_1_to_2", "x=q2_3_to_4", "x=q4_7_to_8", "x=q3_5_to_6", "x=q2_3_to_4"],
            Quartiles.NamesOf("x", [5, 1, 8, 2, 4, 7, 6, 3]));

    [Fact]
    public void Equal_numbers_are_never_parted_and_empty_groups_have_no_name() =>
        // Bounds 1, 1, 2: nothing lies above 1 and up to 1, or above 2.
        Assert.Equal(["x=q1_1_to_1", "x=q1_1_to_1", "x=q1_1_to_1", "x=q3_2_to_2", "x=q3_2_to_2"], Quartiles.NamesOf("x", [1, 1, 1, 2, 2]));

    [Fact]
    public void One_number_is_all_of_the_first_group() => Assert.Equal(["x=q1_0.5_to_0.5"], Quartiles.NamesOf("x", [0.5]));

    [Fact]
    public void A_row_without_number_is_in_no_group() => Assert.Equal([null, "x=q1_2_to_2_words", null], Quartiles.NamesOf("x", [null, 2, null], "_words"));

    [Fact]
    public void Names_round_and_bounds_do_not() =>
        Assert.Equal(["x=q1_0.333_to_0.333", "x=q2_0.333_to_0.333", "x=q3_0.333_to_0.333", "x=q4_1_to_1"], Quartiles.NamesOf("x", [0.33331, 0.33332, 0.33333, 1]));

    [Theory]
    [InlineData(101)]
    [InlineData(1000)]
    [InlineData(9815)]
    public void Groups_of_different_numbers_differ_by_at_most_one_row(int rows)
    {
        var sizes = Quartiles.NamesOf("x", [.. Enumerable.Range(0, rows).Select(i => (double?)(i * 7919 % rows))]).CountBy(name => name!).Select(group => group.Value).ToList();
        Assert.Equal((4, rows), (sizes.Count, sizes.Sum()));
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }
}
