namespace SparseRobust.Lab.Tests.Models;

/// <summary>Rows of ids as a model's three inputs; tokens from the second half of a row on have type 1.</summary>
internal static class TextRows
{
    /// <summary>Of unlike lengths; without the ids 0 to 2, which may be padding.</summary>
    public static long[][] Unlike { get; } = [[3, 5, 6, 4, 7, 8, 9, 4], [3, 10, 4, 11, 4], [3, 4]];

    public static long[] Types(long[] row) => [.. row.Select((_, i) => i < (row.Length + 1) / 2 ? 0L : 1)];

    /// <summary>Padded with an id at the end, or at the beginning, to a length; 0 is the longest row's.</summary>
    public static (Tensor Ids, Tensor Types, Tensor Mask) Padded(long[][] rows, long padding, int length = 0, bool left = false)
    {
        length = Math.Max(length, rows.Max(row => row.Length));
        Tensor Of(Func<long[], long[]> values, long fill) => tensor(
            [.. rows.SelectMany(row => Enumerable.Repeat(fill, left ? length - row.Length : 0).Concat(values(row)).Concat(Enumerable.Repeat(fill, left ? 0 : length - row.Length)))],
            [rows.Length, length]);
        return (Of(row => row, padding), Of(Types, 0), Of(row => [.. row.Select(_ => 1L)], 0).to_type(ScalarType.Float32));
    }

    /// <summary>Gives every parameter a value of its own, those that start at 0 or 1 too.</summary>
    public static void Randomise(nn.Module model)
    {
        manual_seed(11);
        using var noGrad = no_grad();
        foreach (var parameter in model.parameters())
            nn.init.normal_(parameter, 0, 0.4);
    }
}
