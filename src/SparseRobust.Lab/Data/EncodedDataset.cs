using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>A dataset as token ids, in the dataset's order.</summary>
internal sealed class EncodedDataset
{
    private EncodedDataset(EvaluationSet set, Encoding[] rows, int maxLength)
    {
        Set = set;
        Rows = rows;
        MaxLength = maxLength;
        TruncatedRows = rows.Count(row => row.TruncatedTokens > 0);
    }

    public EvaluationSet Set { get; }

    public Dataset Dataset => Set.Dataset;

    public IReadOnlyList<Encoding> Rows { get; }

    public int Count => Rows.Count;

    /// <summary>Most tokens that a row may have.</summary>
    public int MaxLength { get; }

    /// <summary>Rows that lost tokens; always reported, and 0 unless truncation was asked for.</summary>
    public int TruncatedRows { get; }

    /// <exception cref="LabException">InputTooLong, naming the dataset, the row and its length.</exception>
    public static EncodedDataset Encode(EvaluationSet set, WordPiece tokenizer, int maxLength, Truncation truncation, CancellationToken cancellation)
    {
        var examples = set.Dataset.Examples;
        var rows = new Encoding[examples.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            rows[i] = Row(examples[i]);
        }
        return new EncodedDataset(set, rows, maxLength);

        Encoding Row(Example example)
        {
            try
            {
                return tokenizer.EncodePair(example.FirstText, example.SecondText, maxLength, truncation);
            }
            catch (LabException e) when (e.Code == ProblemCode.InputTooLong)
            {
                throw new LabException(ProblemCode.InputTooLong, $"{set.Dataset.Name} {set.Dataset.Split}, row \"{example.Id}\": {e.Message}", e);
            }
        }
    }
}
