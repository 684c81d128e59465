using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tests.Evaluation;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Data;

public class BatchTests
{
    private static readonly int[] Rows = [0, 3, 7];

    private static readonly WordPiece Words = new(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]));

    [Fact]
    public void Rows_are_padded_to_the_longest_or_to_the_length_asked_for()
    {
        using var scope = NewDisposeScope();
        var data = PairsOfAllLengths.Encoded(10, maxLength: 32);
        var lengths = Rows.Select(row => data.Rows[row].Length).ToArray();
        var longest = Batch.Of(data, Rows, new RowPadding(0), CPU);
        Assert.Equal([3, lengths.Max()], longest.Ids_BL.shape);
        Assert.Equal((lengths.Sum(), 3 * lengths.Max()), (longest.Tokens, longest.PaddedTokens));
        var maximum = Batch.Of(data, Rows, new RowPadding(0, data.MaxLength), CPU);
        Assert.Equal([3, 32], maximum.Ids_BL.shape);
        Assert.Equal((lengths.Sum(), 96), (maximum.Tokens, maximum.PaddedTokens));
        Assert.Equal(lengths.Select(length => (float)length), maximum.Mask_BL.sum(1).data<float>().ToArray());
        Assert.Equal(0, maximum.Ids_BL.narrow(1, lengths.Max(), 32 - lengths.Max()).sum().item<long>());
    }

    [Fact]
    public void A_row_longer_than_the_length_asked_for_keeps_its_tokens()
    {
        using var scope = NewDisposeScope();
        var data = PairsOfAllLengths.Encoded(10, maxLength: 32);
        Assert.Equal(data.Rows[7].Length, Batch.Of(data, [7], new RowPadding(0, 4), CPU).Ids_BL.shape[1]);
    }

    [Fact]
    public void Targets_come_with_a_graded_dataset_only()
    {
        using var scope = NewDisposeScope();
        Assert.Null(Batch.Of(PairsOfAllLengths.Encoded(10, maxLength: 32), Rows, new RowPadding(0), CPU).Targets_B);
        var graded = EncodedDataset.Encode(EvaluationSet.SameLabels(DatasetFixtures.Read("stsb.tsv")), Words, 32, Truncation.Refuse, CancellationToken.None);
        var batch = Batch.Of(graded, [3, 0, 2], new RowPadding(0), CPU);
        Assert.Equal((ScalarType.Float32, 1), (batch.Targets_B!.dtype, batch.Targets_B.shape.Length));
        Assert.Equal([1f, 5f, 3.25f], batch.Targets_B.data<float>().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_paddings_give_the_same_logits_and_gradients(bool training)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new BertForSequenceClassification(TinyBert.Spec with { HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0 }, 24, 3);
        model.train(training);
        var data = PairsOfAllLengths.Encoded(10, maxLength: 32);
        var (longest, longestGradients) = LogitsAndGradients(new RowPadding(0));
        var (maximum, maximumGradients) = LogitsAndGradients(new RowPadding(0, 32));
        AssertClose(longest, maximum);
        Assert.Contains(longestGradients, gradient => gradient.Any(value => Math.Abs(value) > 1e-3));
        foreach (var (first, second) in longestGradients.Zip(maximumGradients))
            AssertClose(first, second);

        (float[] Logits, List<float[]> Gradients) LogitsAndGradients(RowPadding padding)
        {
            model.zero_grad();
            var batch = Batch.Of(data, Rows, padding, CPU);
            var logits = model.forward(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL);
            nn.functional.cross_entropy(logits, batch.Labels_B).backward();
            return (logits.data<float>().ToArray(), [.. model.parameters().Select(parameter => parameter.grad!.to_dense().data<float>().ToArray())]);
        }
    }

    private static void AssertClose(float[] first, float[] second) => Assert.Equal(first, second, (a, b) => Math.Abs(a - b) < 1e-5f);
}
