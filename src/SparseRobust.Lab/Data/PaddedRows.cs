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
        var length = Math.Max(padding.Length, rows.Max(row => row.Length));
        var ids = new long[rows.Count * length];
        var types = new long[ids.Length];
        var mask = new float[ids.Length];
        Array.Fill(ids, padding.Id);
        for (var b = 0; b < rows.Count; b++)
        {
            var offset = b * length;
            for (var i = 0; i < rows[b].Length; i++)
            {
                ids[offset + i] = rows[b].Ids[i];
                types[offset + i] = i < rows[b].FirstSegmentLength ? 0 : 1;
                mask[offset + i] = 1;
            }
        }
        long[] shape = [rows.Count, length];
        return new PaddedRows(Engine.Send(tensor(ids, shape), device), Engine.Send(tensor(types, shape), device), Engine.Send(tensor(mask, shape), device));
    }
}
