using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>A dataset as token ids, in the dataset's order.</summary>
internal sealed class EncodedDataset : IDisposable
{
    private EncodedDataset(EvaluationSet set, TokenRows rows, int maxLength)
    {
        Set = set;
        Rows = rows;
        MaxLength = maxLength;
        TruncatedRows = rows.Count(row => row.TruncatedTokens > 0);
    }

    public EvaluationSet Set { get; }

    public Dataset Dataset => Set.Dataset;

    public TokenRows Rows { get; }

    public int Count => Rows.Count;

    /// <summary>Most tokens that a row may have.</summary>
    public int MaxLength { get; }

    /// <summary>Rows that lost tokens; always reported, and 0 unless truncation was asked for.</summary>
    public int TruncatedRows { get; }

    /// <summary>Tokenises into memory.</summary>
    /// <exception cref="LabException">InputTooLong, naming the dataset, the row and its length.</exception>
    public static EncodedDataset Encode(EvaluationSet set, Tokenizer tokenizer, int maxLength, Truncation truncation, CancellationToken cancellation) =>
        Encode(set, new RowEncoder(tokenizer, maxLength, truncation), cache: null, cancellation);

    /// <summary>Takes the ids of a dataset that was read from a file out of the cache, into which they are tokenised if need be. Generated data, and all data without a cache, is tokenised into memory.</summary>
    /// <exception cref="LabException">InputTooLong, naming the dataset, the row and its length; StorageFull when the cache cannot be written.</exception>
    public static EncodedDataset Encode(EvaluationSet set, RowEncoder encoder, TokenCache? cache, CancellationToken cancellation) =>
        new(set, cache is null || set.Dataset.SourcePath is null
            ? new TokensInMemory([.. encoder.Encode(set.Dataset, cancellation)])
            : cache.Rows(set.Dataset, encoder, cancellation), encoder.MaxLength);

    public void Dispose() => Rows.Dispose();
}
