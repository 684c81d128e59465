// Shapes: B rows, L longest row, or the length asked for.
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>What rows are padded with, and how far.</summary>
/// <param name="Id">The padding token.</param>
/// <param name="Length">Tokens a row; where a row is longer, and for 0, the longest row decides.</param>
internal readonly record struct RowPadding(int Id, int Length = 0);

/// <summary>Encoded texts as a model's three inputs, padded at the end; owned by the current dispose scope.</summary>
internal readonly ref struct PaddedRows
{
    private PaddedRows(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        Ids_BL = ids_BL;
        TokenTypes_BL = tokenTypes_BL;
        Mask_BL = mask_BL;
    }

    /// <summary>Token ids, int64.</summary>
    public Tensor Ids_BL { get; }

    /// <summary>0 for the first segment and padding, 1 for the second, int64.</summary>
    public Tensor TokenTypes_BL { get; }

    /// <summary>1 for tokens, 0 for padding, float.</summary>
    public Tensor Mask_BL { get; }

    public static PaddedRows Of(IReadOnlyList<Encoding> rows, RowPadding padding, Device device)
    {
        using var all = new TokensInMemory(rows);
        return Of(all, [.. Enumerable.Range(0, rows.Count)], padding, device);
    }

    /// <summary>Some rows, in the order of <paramref name="chosen"/>; their ids go straight into the tensor's buffer.</summary>
    public static PaddedRows Of(TokenRows rows, scoped ReadOnlySpan<int> chosen, RowPadding padding, Device device)
    {
        var length = padding.Length;
        foreach (var row in chosen)
            length = Math.Max(length, rows[row].Length);
        var ids = new long[chosen.Length * length];
        var types = new long[ids.Length];
        var mask = new float[ids.Length];
        Array.Fill(ids, padding.Id);
        for (var b = 0; b < chosen.Length; b++)
        {
            var row = rows[chosen[b]];
            var offset = b * length;
            rows.CopyIds(chosen[b], ids.AsSpan(offset, row.Length));
            types.AsSpan(offset, row.Length)[row.FirstSegmentLength..].Fill(1);
            mask.AsSpan(offset, row.Length).Fill(1);
        }
        long[] shape = [chosen.Length, length];
        return new PaddedRows(Engine.Send(tensor(ids, shape), device), Engine.Send(tensor(types, shape), device), Engine.Send(tensor(mask, shape), device));
    }
}
