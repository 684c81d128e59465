using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Tests.Models;

public sealed class RobertaTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Logits_equal_those_of_plain_loops_however_far_rows_are_padded(int length)
    {
        using var model = Randomised();
        var plain = new PlainTransformer(model, TinyRoberta.Spec);
        var logits = Logits(model, TextRows.Padded(TextRows.Unlike, padding: 1, length));
        foreach (var (row, actual) in TextRows.Unlike.Zip(logits))
            Assert.Equal(plain.FirstTokenLogits(row), actual.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 2e-5);
    }

    [Fact]
    public void Padding_is_what_the_mask_says()
    {
        using var model = Randomised();
        var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, padding: 1);
        var (otherIds, _, _) = TextRows.Padded(TextRows.Unlike, padding: 17);
        Assert.Equal(Logits(model, (ids, types, mask)), Logits(model, (otherIds, types, mask)));
    }

    [Fact]
    public void Token_types_are_ignored()
    {
        using var model = Randomised();
        var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, padding: 1);
        Assert.Equal(Logits(model, (ids, types, mask)), Logits(model, (ids, types + 7, mask)));
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(5, 6, 7)]
    public void Only_positions_behind_the_padding_id_are_learned(int padding, int first, int second)
    {
        using var model = new RobertaForSequenceClassification(TinyRoberta.Spec with { PadTokenId = padding }, 24, 3);
        var (ids, types, mask) = TextRows.Padded([[3, 4], [3, 4]], padding, length: 5);
        (model.forward(ids, types, mask) * randn(2, 3)).sum().backward();
        var rows = Named(model, "roberta.embeddings.position_embeddings.weight").grad!.to_dense().abs().sum([1]).data<float>().ToArray();
        Assert.Equal([first, second], Enumerable.Range(0, rows.Length).Where(row => rows[row] > 0));
    }

    [Fact]
    public void Gradients_reach_both_matrices_of_the_head_and_everything_below()
    {
        using var model = TinyRoberta.Create();
        var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, padding: 1);
        (model.forward(ids, types, mask) * randn(3, 3)).sum().backward();
        // A key's bias adds the same to all scores of a query, which softmax does not see.
        foreach (var (name, parameter) in model.named_parameters().Where(entry => !entry.name.EndsWith("key.bias", StringComparison.Ordinal)))
            Assert.True(parameter.grad!.to_dense().abs().max().item<float>() > 0, name);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void A_row_gives_a_pooled_output_and_a_logit_for_each_class_and_one_grade(int classes)
    {
        using var model = TinyRoberta.Create(classes: classes);
        var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, padding: 1);
        var (pooled, logits) = model.Outputs(ids, types, mask);
        Assert.Equal([3L, 16L], pooled.shape);
        Assert.Equal([3L, classes], logits.shape);
        Assert.True(pooled.abs().max().item<float>() < 1);
    }

    [Fact]
    public void Parameters_have_Hugging_Faces_names()
    {
        using var model = TinyRoberta.Create();
        Assert.Equal(HuggingFaceNames.Of("roberta", 2, "classifier.dense", "classifier.out_proj").Order(StringComparer.Ordinal), model.named_parameters().Select(entry => entry.name).Order(StringComparer.Ordinal));
        Assert.Equal("RobertaForSequenceClassification", model.GetName());
    }

    [Fact]
    public void The_rows_of_padding_start_at_zero_and_no_others()
    {
        using var model = TinyRoberta.Create();
        foreach (var table in new[] { "word", "position" })
        {
            var rows = Named(model, $"roberta.embeddings.{table}_embeddings.weight").abs().sum([1]).data<float>().ToArray();
            Assert.Equal([1], Enumerable.Range(0, rows.Length).Where(row => rows[row] == 0));
        }
    }

    [Fact]
    public void The_defaults_are_roberta_bases_but_for_the_sizes()
    {
        var spec = new RobertaSpec();
        Assert.Equal((1e-5, 1, 1, 0.1, 0.1, 0.02), (spec.LayerNormEps, spec.TypeVocabSize, spec.PadTokenId, spec.HiddenDropoutProb, spec.AttentionProbsDropoutProb, spec.InitializerRange));
        Assert.Equal((128, 512), (spec.MaxInputLength, (spec with { MaxPositionEmbeddings = 514 }).MaxInputLength));
    }

    [Fact]
    public void A_padding_id_without_a_row_is_refused()
    {
        foreach (var padding in new[] { 129, 500 })
            Assert.Equal(("pad_token_id", 0), (new RobertaSpec { PadTokenId = padding }.Fault?.Field, new RobertaSpec { PadTokenId = padding }.MaxInputLength));
        Assert.Null((new RobertaSpec { PadTokenId = 128 }).Fault);
        var error = Assert.Throws<RecipeInvalidException>(() => TinyRoberta.Spec.Build(1, 3));
        Assert.Equal("$.model.pad_token_id: 1 is no token's id: the vocabulary has 1 tokens, counted from 0.", error.Message);
    }

    public void Dispose() => _scope.Dispose();

    private static RobertaForSequenceClassification Randomised()
    {
        var model = TinyRoberta.Create();
        TextRows.Randomise(model);
        model.eval();
        return model;
    }

    private static float[][] Logits(RobertaForSequenceClassification model, (Tensor Ids, Tensor Types, Tensor Mask) rows) =>
        [.. model.forward(rows.Ids, rows.Types, rows.Mask).data<float>().ToArray().Chunk(model.Classes)];

    private static Parameter Named(nn.Module model, string name) => model.named_parameters().Single(entry => entry.name == name).parameter;
}
