// Shapes: B batch, L longest row of the batch.
namespace SparseRobust.Lab.Data;

/// <summary>Some rows of a dataset as tensors, padded to the longest; owned by the current dispose scope.</summary>
internal readonly ref struct Batch
{
    private Batch(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL, Tensor labels_B)
    {
        Ids_BL = ids_BL;
        TokenTypes_BL = tokenTypes_BL;
        Mask_BL = mask_BL;
        Labels_B = labels_B;
    }

    public Tensor Ids_BL { get; }

    public Tensor TokenTypes_BL { get; }

    /// <summary>1 for tokens, 0 for padding, float.</summary>
    public Tensor Mask_BL { get; }

    /// <summary>The dataset's own class ids, int64.</summary>
    public Tensor Labels_B { get; }

    public static Batch Of(EncodedDataset data, ReadOnlySpan<int> rows, int paddingId, Device device)
    {
        var length = 0;
        foreach (var row in rows)
            length = Math.Max(length, data.Rows[row].Length);
        var ids = new long[rows.Length * length];
        var types = new long[ids.Length];
        var mask = new float[ids.Length];
        var labels = new long[rows.Length];
        Array.Fill(ids, paddingId);
        for (var b = 0; b < rows.Length; b++)
        {
            var encoding = data.Rows[rows[b]];
            var offset = b * length;
            for (var i = 0; i < encoding.Length; i++)
            {
                ids[offset + i] = encoding.Ids[i];
                types[offset + i] = i < encoding.FirstSegmentLength ? 0 : 1;
                mask[offset + i] = 1;
            }
            labels[b] = data.Dataset.Examples[rows[b]].Label;
        }
        long[] shape = [rows.Length, length];
        return new Batch(
            tensor(ids, shape, device: device), tensor(types, shape, device: device),
            tensor(mask, shape, device: device), tensor(labels, device: device));
    }
}
