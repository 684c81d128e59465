using System.Collections;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>A tokenised row, but for its ids.</summary>
/// <param name="Length">Number of ids, special tokens included.</param>
/// <param name="FirstSegmentLength">How many leading ids have token type 0; the rest have type 1.</param>
/// <param name="TruncatedTokens">How many tokens were cut off; 0 unless truncation was asked for.</param>
internal readonly record struct TokenRow(int Length, int FirstSegmentLength, int TruncatedTokens);

/// <summary>The rows of a tokenised dataset, in the dataset's order; ids are read when asked for. Reading is thread-safe.</summary>
internal abstract class TokenRows : IReadOnlyList<TokenRow>, IDisposable
{
    public abstract int Count { get; }

    public abstract TokenRow this[int index] { get; }

    /// <summary>Writes a row's ids to the front of <paramref name="ids"/>, which is at least as long as the row.</summary>
    /// <exception cref="ObjectDisposedException">The rows lie in a file that was let go.</exception>
    public abstract void CopyIds(int index, Span<long> ids);

    public abstract void Dispose();

    public IEnumerator<TokenRow> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Rows that were just encoded: generated data, samples, texts to predict.</summary>
internal sealed class TokensInMemory(IReadOnlyList<Encoding> rows) : TokenRows
{
    public override int Count => rows.Count;

    public override TokenRow this[int index] => new(rows[index].Length, rows[index].FirstSegmentLength, rows[index].TruncatedTokens);

    public override void CopyIds(int index, Span<long> ids)
    {
        var source = rows[index].Ids;
        for (var i = 0; i < source.Length; i++)
            ids[i] = source[i];
    }

    public override void Dispose()
    {
    }
}
