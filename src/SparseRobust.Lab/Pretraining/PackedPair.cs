namespace SparseRobust.Lab.Pretraining;

/// <summary>A stretch of a corpus's ids.</summary>
/// <param name="Start">The number of the first id.</param>
/// <param name="Length">How many ids, at least one.</param>
internal readonly record struct TokenRun(long Start, int Length)
{
    /// <summary>The number of the first id after it.</summary>
    public long End => Start + Length;
}

/// <summary>The two segments of a next-sentence example.</summary>
/// <param name="First">A.</param>
/// <param name="Second">B: what follows A in its document, or a stretch of another document.</param>
/// <param name="IsRandom">Whether B is of another document.</param>
/// <param name="CutTokens">Tokens that A and B lost because the pair was too long.</param>
internal readonly record struct PackedPair(TokenRun First, TokenRun Second, bool IsRandom, int CutTokens);
