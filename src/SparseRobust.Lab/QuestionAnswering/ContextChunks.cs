namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>A row of tokens cut into overlapping chunks: one begins every <paramref name="Stride"/> tokens until one reaches the end.</summary>
/// <param name="Tokens">How many tokens there are; 0 makes no chunk.</param>
/// <param name="Longest">Most tokens of a chunk, at least 1; all but the last have as many.</param>
/// <param name="Stride">Distance of the chunks' first tokens, at least 1. Where it exceeds <paramref name="Longest"/>, chunks follow without a gap.</param>
/// <remarks>Source: BERT's run_squad.py, convert_examples_to_features and _check_is_max_context.</remarks>
internal readonly record struct ContextChunks(int Tokens, int Longest, int Stride)
{
    // What one more token of a chunk is worth against one more token of context.
    private const double LengthBonus = 0.01;

    private int Step => Math.Min(Stride, Longest);

    /// <summary>How many chunks there are.</summary>
    public int Count => Tokens == 0 ? 0 : 1 + ((Math.Max(0, Tokens - Longest) + Step - 1) / Step);

    /// <summary>First token of a chunk.</summary>
    public int Start(int chunk) => chunk * Step;

    /// <summary>How many tokens a chunk has.</summary>
    public int Length(int chunk) => Math.Min(Longest, Tokens - Start(chunk));

    /// <summary>The chunk in which a token has most context: where the smaller of its distances to the chunk's ends, plus a hundredth of the chunk's length, is
    /// largest; of equals the first. Only there may an answer begin with it, so that no span counts twice.</summary>
    public int MaxContextOf(int token)
    {
        var first = Math.Max(0, (token - Longest + Step) / Step);
        var last = Math.Min(Count - 1, token / Step);
        var best = first;
        for (var chunk = first + 1; chunk <= last; chunk++)
            if (Context(token, chunk) > Context(token, best))
                best = chunk;
        return best;
    }

    // In doubles, as the original computes it, so that its ties are ours.
    private double Context(int token, int chunk)
    {
        var left = token - Start(chunk);
        return Math.Min(left, Length(chunk) - 1 - left) + (LengthBonus * Length(chunk));
    }
}
