using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Serving;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Models;

/// <summary>What holds for every classifier that reads each of a row's texts by itself: CBOW and BiLSTM.</summary>
public sealed class BaselineModelTests : IDisposable
{
    private const int Words = 24;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ArchitectureSpec> Specs =>
        [new CbowSpec { EmbeddingSize = 8, HiddenSize = 6 }, new BiLstmSpec { EmbeddingSize = 8, StateSize = 5, HiddenSize = 6 }];

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_row_gives_a_pooled_output_and_a_logit_for_each_class(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        var (pooled, logits) = Outputs(model, Pair, Single);
        Assert.Equal([2L, 6L], pooled.shape);
        Assert.Equal([2L, 3L], logits.shape);
        Assert.True(pooled.abs().max().item<float>() < 1);
        Assert.Equal((6, 8, false), (model.Spec.PooledWidth, model.Spec.WordWidth, model.Spec.IsPrunable));
        Assert.Empty(model.PrunableMatrices);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Padding_does_not_change_the_outputs(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        foreach (var row in new[] { Pair, Single, EmptySecond, EmptyFirst })
            Assert.True(Outputs(model, row).Logits.allclose(Outputs(model, row, Longest).Logits.narrow(0, 0, 1), 1e-6, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Tokens_that_are_no_words_take_no_part(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        var other = Pair with { Ids = [9, 5, 6, 9, 7, 8, 10, 9] };
        Assert.True(Outputs(model, Pair).Logits.equal(Outputs(model, other).Logits));
        Assert.False(Outputs(model, Pair).Logits.equal(Outputs(model, Pair with { Ids = [2, 5, 6, 3, 7, 8, 11, 3] }).Logits));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Which_text_comes_first_matters(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        var swapped = new Row([2, 7, 8, 10, 3, 5, 6, 3], First: 5);
        Assert.False(Outputs(model, Pair).Logits.allclose(Outputs(model, swapped).Logits));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Every_weight_gets_a_gradient_but_the_words_that_do_not_occur(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        (Outputs(model, Pair, Single).Logits * randn(2, 3)).sum().backward();
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(parameter.grad!.to_dense().abs().max().item<float>() > 0, name);
        var words = model.named_parameters().Single(entry => entry.name == "embeddings.weight").parameter.grad!.to_dense().abs().sum([1]);
        long[] occurring = [5, 6, 7, 8, 10, 12, 13];
        Assert.Equal(occurring, Enumerable.Range(0, Words).Where(id => words[id].item<float>() > 0).Select(id => (long)id));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Gradients_are_finite_for_texts_without_words(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        Outputs(model, EmptyFirst, EmptySecond, Nothing).Logits.sum().backward();
        Assert.All(model.parameters(), parameter => Assert.True(parameter.grad!.to_dense().isfinite().all().item<bool>()));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others(ArchitectureSpec spec)
    {
        using var first = Make(spec);
        using var again = Make(spec);
        using var other = Make(spec, seed: 2);
        Assert.True(Outputs(first, Pair).Logits.equal(Outputs(again, Pair).Logits));
        Assert.False(Outputs(first, Pair).Logits.equal(Outputs(other, Pair).Logits));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_saved_model_says_what_it_is_and_gives_bit_equal_logits(ArchitectureSpec spec)
    {
        using var saved = Make(spec);
        ModelFolder.Save(_folder.Path, saved, LabelSet.ThreeWayNli, new WordPiece(Vocabulary));
        using var loaded = ModelFolder.Load(_folder.Path, CPU);
        loaded.eval();
        Assert.Equal(spec, loaded.Spec);
        Assert.Equal(saved.GetType(), loaded.GetType());
        Assert.True(Outputs(saved, Pair, Single).Logits.equal(Outputs(loaded, Pair, Single).Logits));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_predictor_answers_with_the_models_logits(ArchitectureSpec spec)
    {
        using var model = Make(spec);
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, new WordPiece(Vocabulary));
        using var predictor = Predictor.Load(_folder.Path);
        var logits = predictor.Logits([predictor.Tokenize("w5 w6", "w7 w8 w10", null)], CancellationToken.None)[0];
        Assert.Equal(Outputs(model, Pair).Logits.data<float>().ToArray(), logits);
        Assert.Equal((8192, 0.0, spec.Layers), (predictor.Info.MaxInputLength, predictor.Info.EncoderSparsity, predictor.Info.Layers));
    }

    [Fact]
    public void A_setting_that_a_config_lacks_is_named()
    {
        using var model = Make(new CbowSpec());
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, new WordPiece(Vocabulary));
        var config = _folder.File(ModelFolder.ConfigFile);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"embedding_size\"", "\"other\"", StringComparison.Ordinal));
        var error = Assert.Throws<LabException>(() => ModelFolder.Load(_folder.Path, CPU));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains("embedding_size is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bag_of_words_does_not_know_their_order_and_an_LSTM_does()
    {
        var turned = Pair with { Ids = [2, 6, 5, 3, 10, 8, 7, 3] };
        using var cbow = Make(new CbowSpec { EmbeddingSize = 8, HiddenSize = 6 });
        using var bilstm = Make(new BiLstmSpec { EmbeddingSize = 8, StateSize = 5, HiddenSize = 6 });
        Assert.True(Outputs(cbow, Pair).Logits.allclose(Outputs(cbow, turned).Logits, 1e-6, 1e-6));
        Assert.False(Outputs(bilstm, Pair).Logits.allclose(Outputs(bilstm, turned).Logits));
    }

    [Fact]
    public void A_bag_of_words_is_computed_as_by_hand()
    {
        using var model = Make(new CbowSpec { EmbeddingSize = 8, HiddenSize = 6 });
        Tensor Weight(string name) => model.named_parameters().Single(entry => entry.name == name).parameter;
        Tensor Mean(params int[] ids) => stack(ids.Select(id => Weight("embeddings.weight")[id])).mean([0]);
        var (u, v) = (Mean(5, 6), Mean(7, 8, 10));
        Tensor Logits(Tensor features) => nn.functional.linear(tanh(nn.functional.linear(features, Weight("dense.weight"), Weight("dense.bias"))), Weight("classifier.weight"), Weight("classifier.bias"));
        Assert.True(Outputs(model, Pair).Logits[0].allclose(Logits(cat([u, v, (u - v).abs(), u * v])), 1e-6, 1e-6));
        var alone = Mean(12, 13);
        Assert.True(Outputs(model, Single).Logits[0].allclose(Logits(cat([alone, zeros(24)])), 1e-6, 1e-6));
    }

    [Fact]
    public void A_BiLSTM_pools_what_a_bidirectional_LSTM_gives()
    {
        using var model = Make(new BiLstmSpec { EmbeddingSize = 8, StateSize = 5, HiddenSize = 6 });
        var weights = model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        using var both = nn.LSTM(8, 5, bidirectional: true);
        both.load_state_dict(weights.Where(entry => entry.Key.StartsWith("forward_lstm.", StringComparison.Ordinal)).ToDictionary(entry => entry.Key["forward_lstm.".Length..], entry => entry.Value)
            .Concat(weights.Where(entry => entry.Key.StartsWith("backward_lstm.", StringComparison.Ordinal)).ToDictionary(entry => entry.Key["backward_lstm.".Length..] + "_reverse", entry => entry.Value))
            .ToDictionary(entry => entry.Key, entry => entry.Value));
        Tensor Text(params int[] ids) => both.forward(stack(ids.Select(id => weights["embeddings.weight"][id])).unsqueeze(1), null).Item1.amax([0])[0];
        var (u, v) = (Text(5, 6), Text(7, 8, 10));
        var pooled = tanh(nn.functional.linear(cat([u, v, (u - v).abs(), u * v]), weights["dense.weight"], weights["dense.bias"]));
        Assert.True(Outputs(model, Pair).Pooled[0].allclose(pooled, 1e-5, 1e-6));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static Vocabulary Vocabulary => new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, Words - 5).Select(i => $"w{i}")]);

    private static TextClassifier Make(ArchitectureSpec spec, long seed = 1)
    {
        manual_seed(seed);
        var model = spec.Build(Words, 3);
        model.eval();
        return model;
    }

    // [CLS] 2, [SEP] 3, padding 0.
    private static readonly Row Pair = new([2, 5, 6, 3, 7, 8, 10, 3], First: 4);
    private static readonly Row Single = new([2, 12, 13, 3], First: 4);
    private static readonly Row EmptySecond = new([2, 5, 6, 3, 3], First: 4);
    private static readonly Row EmptyFirst = new([2, 3, 7, 3], First: 2);
    private static readonly Row Nothing = new([2, 3], First: 2);
    private static readonly Row Longest = new([2, 5, 6, 7, 8, 9, 10, 11, 3, 12, 13, 14, 3], First: 9);

    private static (Tensor Pooled, Tensor Logits) Outputs(TextClassifier model, params Row[] rows)
    {
        var length = rows.Max(row => row.Ids.Length);
        long[] shape = [rows.Length, length];
        Tensor Padded(Func<Row, int, long> valueOf) => tensor([.. rows.SelectMany(row => Enumerable.Range(0, length).Select(i => i < row.Ids.Length ? valueOf(row, i) : 0))], shape);
        return model.Outputs(Padded((row, i) => row.Ids[i]), Padded((row, i) => i < row.First ? 0 : 1), Padded((_, _) => 1).to_type(ScalarType.Float32));
    }

    /// <param name="Ids">Tokens.</param>
    /// <param name="First">Tokens of the first segment.</param>
    private sealed record Row(long[] Ids, int First);
}
