using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class HeldOutRowsTests
{
    private static readonly Dataset Evaluated = Set("evaluated", new Example("e", "The mill burnt .", "In 1911 , it burnt .", 0));

    [Fact]
    public void A_row_is_known_again_whatever_its_spaces_signs_and_case()
    {
        var held = new HeldOutRows([Evaluated], RowKey.Pair);
        Assert.True(held.Has(new Example("x", "the mill burnt.", "In 1911, it burnt.", 1)));
        Assert.False(held.Has(new Example("x", "In 1911, it burnt.", "The mill burnt.", 1)));
        Assert.False(held.Has(new Example("x", "The mill burnt.", "In 1912, it burnt.", 1)));
        Assert.True(new HeldOutRows([Evaluated], RowKey.PairInAnyOrder).Has(new Example("x", "In 1911, it burnt.", "The mill burnt.", 1)));
        Assert.True(new HeldOutRows([Evaluated], RowKey.Claim).Has(new Example("x", "the mill burnt", "Other evidence.", 1)));
    }

    [Fact]
    public void Texts_of_signs_alone_are_not_taken_for_one_another() =>
        Assert.NotEqual(RowKey.Pair(new Example("a", "?", "!", 0)), RowKey.Pair(new Example("b", "!", "?", 0)));

    [Fact]
    public void Words_do_not_move_from_one_text_to_the_other() =>
        Assert.NotEqual(RowKey.Pair(new Example("a", "a b", "c", 0)), RowKey.Pair(new Example("b", "a", "b c", 0)));

    [Fact]
    public void What_is_left_out_is_counted_and_changes_the_identity()
    {
        var train = Set("train", new Example("1", "a", "b", 0), new Example("2", "The mill burnt", "In 1911 it burnt", 0), new Example("3", "c", "d", 1));
        var left = new HeldOutRows([Evaluated], RowKey.Pair).RemoveFrom(train);
        Assert.Equal(["1", "3"], left.Examples.Select(row => row.Id));
        Assert.Equal(1, left.WithheldRows);
        Assert.NotEqual(train.Sha256, left.Sha256);
    }

    [Fact]
    public void A_set_without_them_is_returned_itself()
    {
        var train = Set("train", new Example("1", "a", "b", 0));
        Assert.Same(train, new HeldOutRows([Evaluated], RowKey.Pair).RemoveFrom(train));
    }

    private static Dataset Set(string name, params Example[] rows) => new(name, "train", LabelSet.Paraphrase, rows, name);
}
