using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Serving;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Serving;

public sealed class PredictorTests
{
    [Fact]
    public void A_batch_of_very_different_lengths_gives_each_row_what_it_gets_alone()
    {
        using var predictor = TinyModelFolder.Predictor();
        TokenizedText[] rows = [.. Enumerable.Range(0, 64).Select(i =>
            predictor.Tokenize(TinyModelFolder.Text(i % 15, i), i % 3 == 0 ? null : TinyModelFolder.Text(15 - i % 14, i + 1), null))];
        var together = predictor.Logits(rows, CancellationToken.None);
        Assert.Equal((2, 32), (rows.Min(row => row.Tokens), rows.Max(row => row.Tokens)));
        for (var i = 0; i < rows.Length; i++)
            Assert.All(predictor.Logits([rows[i]], CancellationToken.None)[0].Zip(together[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.True(Distance(together[1], together[2]) > 1e-3);
    }

    [Fact]
    public void Logits_are_those_of_the_model_itself()
    {
        using var model = TinyBert.Create();
        model.eval();
        using var predictor = TinyModelFolder.Predictor();
        var rows = new[] { predictor.Tokenize("w5 w6", "w7", null), predictor.Tokenize("w9", "w10 w11", null) };
        Assert.Equal([2, 5, 6, 3, 7, 3], rows[0].Ids);
        Assert.Equal([0, 0, 0, 1, 1, 1], rows[1].TokenTypeIds);
        Assert.Equal(TinyBert.Logits(model), predictor.Logits(rows, CancellationToken.None).SelectMany(row => row));
    }

    [Fact]
    public void The_order_of_a_pair_matters()
    {
        using var predictor = TinyModelFolder.Predictor();
        var forth = predictor.Tokenize("w5 w6", "w7 w8", null);
        var back = predictor.Tokenize("w7 w8", "w5 w6", null);
        Assert.Equal([2, 5, 6, 3, 7, 8, 3], forth.Ids);
        Assert.Equal([2, 7, 8, 3, 5, 6, 3], back.Ids);
        var logits = predictor.Logits([forth, back], CancellationToken.None);
        Assert.True(Distance(logits[0], logits[1]) > 1e-3);
    }

    [Fact]
    public void Token_types_reach_the_model()
    {
        using var predictor = TinyModelFolder.Predictor();
        var pair = predictor.Tokenize("w5 w6", "w7 w8", null);
        var asOneSegment = new TokenizedText(predictor, pair.Encoding with { FirstSegmentLength = pair.Tokens });
        Assert.Equal([0, 0, 0, 0, 1, 1, 1], pair.TokenTypeIds);
        var logits = predictor.Logits([pair, asOneSegment], CancellationToken.None);
        Assert.True(Distance(logits[0], logits[1]) > 1e-3);
    }

    [Fact]
    public void What_is_too_long_is_refused_with_its_length_and_the_limit()
    {
        using var predictor = TinyModelFolder.Predictor();
        Assert.Equal(32, predictor.Tokenize(TinyModelFolder.Text(29), "", null).Tokens);
        var error = Assert.Throws<LabException>(() => predictor.Tokenize(TinyModelFolder.Text(20), TinyModelFolder.Text(10), null));
        Assert.Equal(ProblemCode.InputTooLong, error.Code);
        Assert.Contains("33 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("the limit is 32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncation_cuts_the_longer_text_from_the_end_asked_for()
    {
        using var predictor = TinyModelFolder.Predictor();
        var numbers = Enumerable.Range(0, 30).Select(i => 5 + i % 19).ToArray();
        var text = string.Join(' ', numbers.Select(id => $"w{id}"));
        var right = predictor.Tokenize(text, "w7 w8", TruncationDirection.Right);
        var left = predictor.Tokenize(text, "w7 w8", TruncationDirection.Left);
        Assert.Equal([2, .. numbers[..27], 3, 7, 8, 3], right.Ids);
        Assert.Equal([2, .. numbers[3..], 3, 7, 8, 3], left.Ids);
        Assert.Equal([2, .. numbers[..15], 3, .. numbers[..14], 3], predictor.Tokenize(text, text, TruncationDirection.Right).Ids);
        Assert.Equal([2, .. numbers[15..], 3, .. numbers[16..], 3], predictor.Tokenize(text, text, TruncationDirection.Left).Ids);
        Assert.Equal([2, 7, 3, .. numbers[2..], 3], predictor.Tokenize("w7", text, TruncationDirection.Left).Ids);
        Assert.True(right.WasTruncated && left.WasTruncated);
    }

    [Fact]
    public void What_fits_is_left_alone_whatever_the_truncation()
    {
        using var predictor = TinyModelFolder.Predictor();
        var plain = predictor.Tokenize("w5 w6", null, null);
        Assert.Equal(plain.Ids, predictor.Tokenize("w5 w6", null, TruncationDirection.Left).Ids);
        Assert.False(predictor.Tokenize("w5 w6", null, TruncationDirection.Right).WasTruncated);
        Assert.Equal([2, 5, 6, 3], plain.Ids);
    }

    [Fact]
    public void A_text_alone_is_cut_from_either_end()
    {
        using var predictor = TinyModelFolder.Predictor();
        var text = "w5 " + TinyModelFolder.Text(30) + " w6";
        Assert.Equal((32, 5), (predictor.Tokenize(text, null, TruncationDirection.Right).Tokens, predictor.Tokenize(text, null, TruncationDirection.Right).Ids[1]));
        Assert.Equal((32, 6), (predictor.Tokenize(text, null, TruncationDirection.Left).Tokens, predictor.Tokenize(text, null, TruncationDirection.Left).Ids[30]));
    }

    [Fact]
    public void Sparsity_is_counted_in_the_weights_whatever_a_mask_file_says()
    {
        using var folder = new TinyModelFolder();
        using (var model = TinyBert.Create())
        {
            var prunable = new PrunableModel(model);
            var masks = new MaskSet([.. prunable.Matrices.Where(matrix => matrix.Id.IsEncoder).Select(matrix =>
                new MatrixMask(matrix.Id, matrix.Linear.Weight.shape[0], matrix.Linear.Weight.shape[1], new byte[matrix.Linear.Weight.numel() / 8], 0))]);
            MaskFile.Save(folder.File(MaskFile.Name), masks);
            new MaskSet([masks.Matrices[0]]).ApplyTo(prunable);
            using var scope = NewDisposeScope();
            using (no_grad())
                model.Classifier.Weight.zero_();
            ModelFolder.Save(folder.Path, model, LabelSet.ThreeWayNli, TokenizerFolder.Load(folder.Path));
        }
        using var predictor = Predictor.Load(folder.Path);
        Assert.Equal(256 / 4096.0, predictor.Info.EncoderSparsity, 12);
    }

    [Fact]
    public void Info_says_what_was_loaded()
    {
        using var folder = new TinyModelFolder();
        using var predictor = Predictor.Load(folder.Path);
        using var model = TinyBert.Create();
        Assert.Equal(LabelSet.ThreeWayNli.Names, predictor.Info.Labels);
        Assert.Equal(
            (32, model.parameters().Sum(parameter => parameter.numel()), 0.0, "float32", 16, 2, ContentHash.OfFile(folder.File(ModelFolder.WeightsFile))),
            (predictor.Info.MaxInputLength, predictor.Info.Parameters, predictor.Info.EncoderSparsity, predictor.Info.Dtype, predictor.Info.HiddenSize, predictor.Info.Layers, predictor.Info.ModelSha256));
    }

    [Theory]
    [InlineData(ModelFolder.ConfigFile)]
    [InlineData(ModelFolder.WeightsFile)]
    public void A_missing_file_is_named(string name)
    {
        using var folder = new TinyModelFolder();
        File.Delete(folder.File(name));
        var live = LiveTensors.SettledTotal();
        var error = Assert.Throws<LabException>(() => Predictor.Load(folder.Path));
        Assert.Equal(ProblemCode.ArtifactMissing, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal(live, TensorCensus.Total);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused_with_the_file_that_BERT_has()
    {
        using var folder = new TinyModelFolder();
        foreach (var name in TokenizerFolder.FileNames)
            File.Delete(folder.File(name));
        var error = Assert.Throws<LabException>(() => Predictor.Load(folder.Path));
        Assert.Equal(ProblemCode.ArtifactMissing, error.Code);
        Assert.Contains("vocab.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocab_txt_alone_is_read_as_before()
    {
        using var folder = new TinyModelFolder();
        foreach (var name in TokenizerFolder.FileNames.Where(name => name != "vocab.txt"))
            File.Delete(folder.File(name));
        using var predictor = Predictor.Load(folder.Path);
        Assert.Equal([2, 5, 3], predictor.Tokenize("W5", null, null).Ids);
    }

    [Fact]
    public void A_file_cut_short_is_corrupt_and_leaves_no_tensor()
    {
        using var folder = new TinyModelFolder();
        using (var file = File.OpenWrite(folder.File(ModelFolder.WeightsFile)))
            file.SetLength(file.Length / 2);
        var live = LiveTensors.SettledTotal();
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => Predictor.Load(folder.Path)).Code);
        Assert.Equal(live, TensorCensus.Total);
    }

    [Fact]
    public void A_vocabulary_larger_than_the_model_is_refused()
    {
        using var folder = new TinyModelFolder();
        var vocabulary = ((WordPiece)TokenizerFolder.Load(folder.Path)).Vocabulary;
        new WordPiece(new Vocabulary([.. vocabulary.Tokens, "w24"])).Save(folder.Path);
        var error = Assert.Throws<LabException>(() => Predictor.Load(folder.Path));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains("25 tokens but the model knows only 24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_device_is_unavailable()
    {
        using var folder = new TinyModelFolder();
        Assert.Equal(ProblemCode.DeviceUnavailable, Assert.Throws<LabException>(() => Predictor.Load(folder.Path, "toaster")).Code);
    }

    [Fact]
    public void Broken_weights_give_a_problem_and_not_numbers()
    {
        using var folder = new TinyModelFolder();
        using (var model = TinyBert.Create())
        {
            using var scope = NewDisposeScope();
            using (no_grad())
                model.Classifier.Bias.fill_(float.NaN);
            ModelFolder.Save(folder.Path, model, LabelSet.ThreeWayNli, TokenizerFolder.Load(folder.Path));
        }
        using var predictor = Predictor.Load(folder.Path);
        var error = Assert.Throws<LabException>(() => predictor.Logits([predictor.Tokenize("w5", null, null)], CancellationToken.None));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
    }

    [Fact]
    public void Another_predictors_input_is_refused()
    {
        using var predictor = TinyModelFolder.Predictor();
        using var other = TinyModelFolder.Predictor(2);
        Assert.Throws<ArgumentException>(() => predictor.Logits([other.Tokenize("w5", null, null)], CancellationToken.None));
    }

    [Fact]
    public void A_cancelled_call_computes_nothing_and_an_empty_batch_has_no_rows()
    {
        using var predictor = TinyModelFolder.Predictor();
        Assert.Throws<OperationCanceledException>(() => predictor.Logits([predictor.Tokenize("w5", null, null)], new CancellationToken(canceled: true)));
        Assert.Empty(predictor.Logits([], CancellationToken.None));
    }

    [Fact]
    public void No_tensor_outlives_a_predictor()
    {
        var live = LiveTensors.SettledTotal();
        using (var predictor = TinyModelFolder.Predictor())
        {
            var loaded = TensorCensus.Total;
            Assert.True(loaded > live);
            predictor.Logits([predictor.Tokenize("w5", "w6 w7", null), predictor.Tokenize("w8", null, null)], CancellationToken.None);
            Assert.Equal(loaded, TensorCensus.Total);
        }
        Assert.Equal(live, TensorCensus.Total);
    }

    private static double Distance(float[] a, float[] b) => a.Zip(b).Max(pair => Math.Abs(pair.First - pair.Second));
}
