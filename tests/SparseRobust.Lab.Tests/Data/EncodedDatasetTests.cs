using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Evaluation;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Data;

public class EncodedDatasetTests
{
    [Fact]
    public void A_row_over_the_maximum_is_refused_by_name() =>
        Assert.Contains("row \"row 1\"", Assert.Throws<LabException>(() => PairsOfAllLengths.Encoded(10, maxLength: 16)).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_that_lose_tokens_are_counted()
    {
        var whole = PairsOfAllLengths.Encoded(10, maxLength: 32);
        var cut = PairsOfAllLengths.Encoded(10, maxLength: 16, Truncation.LongestFirst);
        Assert.Equal((0, 32), (whole.TruncatedRows, whole.MaxLength));
        Assert.Equal((whole.Rows.Count(row => row.Length > 16), 16), (cut.TruncatedRows, cut.MaxLength));
        Assert.InRange(cut.TruncatedRows, 1, 9);
        Assert.All(cut.Rows, row => Assert.InRange(row.Length, 5, 16));
        Assert.Equal(whole.Rows.Sum(row => row.Length), cut.Rows.Sum(row => row.Length + row.TruncatedTokens));
    }
}
