using SparseRobust.Lab.QuestionAnswering;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class ContextChunksTests
{
    [Theory]
    [InlineData(10, 4, 2, "0-4 2-6 4-8 6-10")]
    [InlineData(9, 4, 2, "0-4 2-6 4-8 6-9")]
    [InlineData(4, 4, 2, "0-4")]
    [InlineData(5, 4, 2, "0-4 2-5")]
    [InlineData(1, 4, 2, "0-1")]
    [InlineData(7, 3, 5, "0-3 3-6 6-7")] // A stride beyond the length leaves no gap.
    [InlineData(3, 1, 1, "0-1 1-2 2-3")]
    [InlineData(0, 4, 2, "")]
    public void A_chunk_begins_every_stride_until_one_reaches_the_end(int tokens, int longest, int stride, string expected)
    {
        var chunks = new ContextChunks(tokens, longest, stride);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, chunks.Count).Select(i => $"{chunks.Start(i)}-{chunks.Start(i) + chunks.Length(i)}")));
    }

    // 12 tokens as 0-5 3-8 6-11 9-12. Token 7 has 4 tokens to its left and none to its right in the second chunk, 1 and 3 in the third.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(6, 1)]
    [InlineData(7, 2)]
    [InlineData(9, 2)]
    [InlineData(10, 3)]
    [InlineData(11, 3)]
    public void A_token_has_most_context_where_its_shorter_side_is_longest(int token, int expected) => Assert.Equal(expected, new ContextChunks(12, 5, 3).MaxContextOf(token));

    [Theory]
    [InlineData(8, 6, 2, 4, 1)] // 4 and 1 against 2 and 3.
    [InlineData(8, 6, 2, 3, 0)] // 3 and 2 against 1 and 4.
    [InlineData(7, 5, 4, 4, 0)] // 4 and 0 in five tokens, 0 and 2 in three: the longer chunk wins.
    [InlineData(9, 5, 4, 4, 0)] // 0 in both, of five tokens each: the first wins.
    public void Equals_go_to_the_longer_chunk_and_then_to_the_first(int tokens, int longest, int stride, int token, int expected) =>
        Assert.Equal(expected, new ContextChunks(tokens, longest, stride).MaxContextOf(token));

    [Fact]
    public void Chunks_and_most_context_equal_a_plain_search_of_all_chunks()
    {
        for (var tokens = 1; tokens < 30; tokens++)
            for (var longest = 1; longest < 12; longest++)
                for (var stride = 1; stride < 14; stride++)
                {
                    var spans = Spans(tokens, longest, stride);
                    var chunks = new ContextChunks(tokens, longest, stride);
                    Assert.Equal(spans, Enumerable.Range(0, chunks.Count).Select(i => (chunks.Start(i), chunks.Length(i))));
                    for (var token = 0; token < tokens; token++)
                        Assert.Equal(Best(spans, token), chunks.MaxContextOf(token));
                }
    }

    // The rules as the original tells them: step by step, and over all chunks.
    private static List<(int Start, int Length)> Spans(int tokens, int longest, int stride)
    {
        var spans = new List<(int Start, int Length)>();
        for (var start = 0; start < tokens; start += Math.Min(longest, stride))
        {
            spans.Add((start, Math.Min(longest, tokens - start)));
            if (start + spans[^1].Length == tokens)
                break;
        }
        return spans;
    }

    private static int Best(List<(int Start, int Length)> spans, int token)
    {
        var (best, bestScore) = (-1, double.NegativeInfinity);
        for (var i = 0; i < spans.Count; i++)
        {
            var (left, right) = (token - spans[i].Start, spans[i].Start + spans[i].Length - 1 - token);
            if (left < 0 || right < 0)
                continue;
            var score = Math.Min(left, right) + (0.01 * spans[i].Length);
            if (score > bestScore)
                (best, bestScore) = (i, score);
        }
        return best;
    }
}
