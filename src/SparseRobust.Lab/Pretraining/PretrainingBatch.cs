// Shapes: B batch, L longest row of the batch, or the length asked for, M masked tokens of all rows.
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Some examples of a pass as tensors, masked and padded; owned by the current dispose scope.</summary>
internal sealed class PretrainingBatch
{
    private PretrainingBatch(PaddedRows padded, MaskedRows rows, Tensor nextSentence_B, Device device)
    {
        Ids_BL = padded.Ids_BL;
        TokenTypes_BL = padded.TokenTypes_BL;
        Mask_BL = padded.Mask_BL;
        NextSentence_B = nextSentence_B;
        MaskedPositions_M = Engine.Send(tensor(rows.FlatPositions(padded.Ids_BL.shape[1])), device);
        MaskedLabels_M = Engine.Send(tensor(rows.Labels.ToArray()), device);
        Tokens = rows.Tokens;
        PaddingShare = 1 - rows.Tokens / (double)padded.Ids_BL.numel();
    }

    /// <summary>Token ids, masked, int64.</summary>
    public Tensor Ids_BL { get; }

    /// <summary>0 for [CLS] A [SEP] and padding, 1 for B [SEP], int64.</summary>
    public Tensor TokenTypes_BL { get; }

    /// <summary>1 for tokens, 0 for padding, float.</summary>
    public Tensor Mask_BL { get; }

    /// <summary>Where the tokens to predict stand, as row x L + column, ascending, int64. Empty only when the text of every row is [UNK] throughout.</summary>
    public Tensor MaskedPositions_M { get; }

    /// <summary>The tokens to predict, int64.</summary>
    public Tensor MaskedLabels_M { get; }

    /// <summary>0 when B follows A, 1 when it is random, int64: the classes of Hugging Face's BertForPreTraining.</summary>
    public Tensor NextSentence_B { get; }

    /// <summary>Tokens that are no padding, special ones included.</summary>
    public int Tokens { get; }

    /// <summary>Share of the batch's tokens that are padding, in [0, 1).</summary>
    public double PaddingShare { get; }

    /// <summary>Makes a batch.</summary>
    /// <param name="examples">A pass.</param>
    /// <param name="rows">Which of its examples, in this order; at least one.</param>
    /// <param name="padTo">Tokens a row; where a row is longer, and for 0, the longest row decides.</param>
    /// <param name="device">Where the tensors go.</param>
    public static PretrainingBatch Of(PretrainingExamples examples, ReadOnlySpan<int> rows, int padTo, Device device)
    {
        var nextSentence = new long[rows.Length];
        for (var b = 0; b < rows.Length; b++)
            nextSentence[b] = examples.Pair(rows[b]).IsRandom ? 1 : 0;
        var masked = new MaskedRows(examples, rows);
        var padded = PaddedRows.Of(masked, [.. Enumerable.Range(0, rows.Length)], new RowPadding(examples.Corpus.Vocabulary.PadId, padTo), device);
        return new PretrainingBatch(padded, masked, Engine.Send(tensor(nextSentence), device), device);
    }
}
