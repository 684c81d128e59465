// Shapes: B batch, L longest row of the batch, or the length asked for.
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Data;

/// <summary>Some rows of a dataset as tensors, padded; owned by the current dispose scope.</summary>
internal sealed class Batch
{
    private Batch(PaddedRows rows, Tensor labels_B, Tensor? targets_B, int tokens)
    {
        Targets_B = targets_B;
        Tokens = tokens;
        Ids_BL = rows.Ids_BL;
        TokenTypes_BL = rows.TokenTypes_BL;
        Mask_BL = rows.Mask_BL;
        Labels_B = labels_B;
    }

    public Tensor Ids_BL { get; }

    public Tensor TokenTypes_BL { get; }

    /// <summary>1 for tokens, 0 for padding, float.</summary>
    public Tensor Mask_BL { get; }

    /// <summary>The dataset's own class ids, int64.</summary>
    public Tensor Labels_B { get; }

    /// <summary>The gold values of a graded dataset, float32; null in classification.</summary>
    public Tensor? Targets_B { get; }

    /// <summary>Tokens without padding.</summary>
    public int Tokens { get; }

    /// <summary>Tokens with padding: rows times length.</summary>
    public int PaddedTokens => checked((int)Ids_BL.numel());

    public static Batch Of(EncodedDataset data, ReadOnlySpan<int> rows, RowPadding padding, Device device)
    {
        var labels = new long[rows.Length];
        var tokens = 0;
        for (var b = 0; b < rows.Length; b++)
        {
            tokens += data.Rows[rows[b]].Length;
            labels[b] = data.Dataset.Examples[rows[b]].Label;
        }
        var padded = PaddedRows.Of(data.Rows, rows, padding, device);
        return new Batch(padded, Engine.Send(tensor(labels), device), Targets(data.Dataset, rows, device), tokens);
    }

    private static Tensor? Targets(Dataset dataset, ReadOnlySpan<int> rows, Device device)
    {
        if (!dataset.Labels.IsRegression)
            return null;
        var targets = new float[rows.Length];
        for (var b = 0; b < rows.Length; b++)
            targets[b] = dataset.Examples[rows[b]].Target ?? throw new InvalidOperationException($"Row {rows[b]} of {dataset.Name} {dataset.Split} has no target.");
        return Engine.Send(tensor(targets), device);
    }
}
