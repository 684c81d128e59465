using SparseRobust.Lab.Models;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tests.QuestionAnswering;

namespace SparseRobust.Lab.Tests.Models;

public sealed class QuestionAnsweringModelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<TransformerSpec> Specs => [TinyBert.Spec, TinyRoberta.Spec];

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_logits_of_tokens_equal_those_of_plain_loops_and_padding_is_ruled_out(TransformerSpec spec)
    {
        using var model = Randomised(spec, 24);
        var plain = new PlainTransformer(model, spec);
        var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, spec.PadId, length: 11);
        var (starts, ends) = model.forward(ids, types, mask);
        Assert.Equal([3L, 11L], starts.shape);
        Assert.Equal([3L, 11L], ends.shape);
        for (var b = 0; b < 3; b++)
        {
            var row = TextRows.Unlike[b];
            var expected = plain.TokenLogits(row, spec.PadId == 0 ? TextRows.Types(row) : new long[row.Length], "qa_outputs");
            double[] Both(int i) => [starts[b, i].item<float>(), ends[b, i].item<float>()];
            for (var i = 0; i < 11; i++)
                Assert.Equal(i < row.Length ? expected[i] : [QuestionAnsweringModel.OfPadding, QuestionAnsweringModel.OfPadding], Both(i), (a, c) => Math.Abs(a - c) < 2e-5);
        }
    }

    [Fact]
    public void RoBERTa_counts_positions_from_the_first_token_on_whichever_end_is_padded()
    {
        using var model = Randomised(TinyRoberta.Spec, 24);
        var row = TextRows.Unlike[1];
        var plain = Starts(model, TextRows.Padded([row], 1));
        Assert.Equal(plain, Starts(model, TextRows.Padded([row], 1, length: 9, left: true))[4..], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(plain, Starts(model, TextRows.Padded([row], 1, length: 9))[..5], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Parameters_have_Hugging_Faces_names_and_there_is_no_pooler(TransformerSpec spec)
    {
        using var model = spec.BuildQuestionAnswering(24);
        Assert.Equal(HuggingFaceNames.Of(spec.Prefix, 2, "qa_outputs").Order(StringComparer.Ordinal), model.named_parameters().Select(entry => entry.name).Order(StringComparer.Ordinal));
        Assert.Equal($"{spec.Architecture}ForQuestionAnswering", model.GetName());
        Assert.Equal(12, model.PrunableMatrices.Count(matrix => matrix.Id.IsEncoder));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_loss_does_not_depend_on_padding_and_reaches_every_weight(TransformerSpec spec)
    {
        using var model = spec.BuildQuestionAnswering(24);
        model.eval();
        var target = (tensor(new long[] { 5, 3, 0 }), tensor(new long[] { 6, 4, 0 }));
        Tensor Loss(int length)
        {
            var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, spec.PadId, length);
            return AnswerLoss.Of(model.forward(ids, types, mask), target);
        }
        var loss = Loss(0);
        Assert.Equal(loss.item<float>(), Loss(20).item<float>(), 1e-5f);
        loss.backward();
        // A key's bias adds the same to all scores of a query, which softmax does not see.
        foreach (var (name, parameter) in model.named_parameters().Where(entry => !entry.name.EndsWith("key.bias", StringComparison.Ordinal)))
            Assert.True(parameter.grad!.to_dense().abs().max().item<float>() > 0, name);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_search_takes_the_logits_as_they_are(TransformerSpec spec)
    {
        var question = Letters.About("a b c d");
        using var model = Randomised(spec, Letters.Tokenizer.Vocabulary.Count);
        var window = Assert.Single(Letters.Cut(question).Windows);
        long[] ids = [.. window.Encoding.Ids.Select(id => (long)id)];
        var rows = TextRows.Padded([ids], spec.PadId, length: 16);
        var (starts, ends) = model.forward(rows.Ids, rows.Types, rows.Mask);
        var (start, end) = (starts.data<float>().ToArray()[..ids.Length], ends.data<float>().ToArray()[..ids.Length]);
        var search = new AnswerSearch(question, new AnswerSettings());
        search.Add(window, start, end);
        var (first, last) = (from i in Enumerable.Range(4, 4) from j in Enumerable.Range(i, 8 - i) select (i, j)).MaxBy(span => (double)start[span.i] + end[span.j]);
        Assert.Equal("a b c d"[((first - 4) * 2)..((last - 4) * 2 + 1)], search.Best().Text);
    }

    public void Dispose() => _scope.Dispose();

    private static float[] Starts(QuestionAnsweringModel model, (Tensor Ids, Tensor Types, Tensor Mask) rows) => model.forward(rows.Ids, rows.Types, rows.Mask).Start_BL.data<float>().ToArray();

    private static QuestionAnsweringModel Randomised(TransformerSpec spec, int words)
    {
        var model = spec.BuildQuestionAnswering(words);
        TextRows.Randomise(model);
        model.eval();
        return model;
    }
}
