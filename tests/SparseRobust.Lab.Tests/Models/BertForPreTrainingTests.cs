using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Tests.Models;

public sealed class BertForPreTrainingTests
{
    private const int Words = 24;

    [Fact]
    public void Parameters_have_the_names_of_Hugging_Face_but_for_the_tied_matrix()
    {
        using var model = Create();
        string[] expected =
        [
            .. HuggingFaceNames.Of("bert", 2, "bert.pooler.dense", "cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.seq_relationship"), "cls.predictions.bias",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), model.named_parameters().Select(entry => entry.name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Logits_of_a_masked_token_are_its_transformed_state_times_the_word_table()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        model.eval();
        var (ids, types, mask) = Rows();
        var positions = tensor(new[] { 2L, 9L });
        var (tokens_MV, nextSentence_B2) = model.Outputs(ids, types, mask, positions);
        var hidden_BLD = model.Bert.forward(ids, types, mask);
        var weights = model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        var h_MD = stack([hidden_BLD[0, 2], hidden_BLD[1, 3]]);
        var gelu = nn.functional.gelu(h_MD.matmul(weights["cls.predictions.transform.dense.weight"].t()) + weights["cls.predictions.transform.dense.bias"]);
        var normed = (gelu - gelu.mean([1], keepdim: true)) / (gelu.var([1], unbiased: false, keepdim: true) + 1e-12).sqrt();
        var expected = normed.matmul(weights["bert.embeddings.word_embeddings.weight"].t()) + weights["cls.predictions.bias"];
        Assert.Equal([2L, Words], tokens_MV.shape);
        Assert.True(tokens_MV.allclose(expected, 1e-4, 1e-5));
        var pooled = tanh(hidden_BLD.select(1, 0).matmul(weights["bert.pooler.dense.weight"].t()) + weights["bert.pooler.dense.bias"]);
        Assert.True(nextSentence_B2.allclose(pooled.matmul(weights["cls.seq_relationship.weight"].t()) + weights["cls.seq_relationship.bias"], 1e-4, 1e-5));
    }

    [Theory]
    [InlineData(7, 3)] // read in the first row and predicted
    [InlineData(20, 5)] // neither read nor the label: by the softmax alone
    public void The_word_table_learns_as_input_and_as_output(int word, int column)
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        model.eval();
        var table = model.Bert.Embeddings.WordEmbeddings.weight!;
        using (var loss = Loss(model))
            loss.backward();
        var gradient = table.grad!.is_sparse ? table.grad.to_dense() : table.grad;
        var analytic = gradient[word, column].item<float>();
        const float h = 1e-2f;
        double At(float change)
        {
            using var noGrad = no_grad();
            table[word, column].add_(change);
            using var loss = Loss(model);
            table[word, column].add_(-change);
            return loss.item<float>();
        }
        var numeric = (At(h) - At(-h)) / (2 * h);
        Assert.True(Math.Abs(numeric) > 1e-4, $"{numeric}");
        Assert.Equal(numeric, analytic, 2e-3 * Math.Max(1, Math.Abs(numeric)));
    }

    private static BertForPreTraining Create()
    {
        manual_seed(3);
        return new BertForPreTraining(TinyBert.Spec, Words);
    }

    private static Tensor Loss(BertForPreTraining model)
    {
        var (ids, types, mask) = Rows();
        var (tokens_MV, nextSentence_B2) = model.Outputs(ids, types, mask, tensor(new[] { 2L, 9L }));
        return (FusedOperators.CrossEntropyWithBias(tokens_MV, tensor(new[] { 7L, 11L }), null) + FusedOperators.CrossEntropyWithBias(nextSentence_B2, tensor(new[] { 0L, 1L }), null))
            .MoveToOuterDisposeScope();
    }

    // Two rows of six, the second padded by two.
    private static (Tensor Ids, Tensor Types, Tensor Mask) Rows() => (
        tensor(new[] { 2L, 7, 4, 3, 9, 3, 2, 10, 3, 4, 0, 0 }).view(2, 6),
        tensor(new[] { 0L, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0 }).view(2, 6),
        tensor(new[] { 1f, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0 }).view(2, 6));
}
