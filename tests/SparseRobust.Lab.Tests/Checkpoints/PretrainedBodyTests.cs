using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class PretrainedBodyTests : IDisposable
{
    private static readonly string[] Head = ["classifier.weight", "classifier.bias"];
    private readonly TinyWeights _stored = new();
    private readonly BertForSequenceClassification _fresh = TinyBert.Create(seed: 2);

    [Fact]
    public void The_body_is_filled_and_the_head_stays_as_it_was_built()
    {
        var before = Values(_fresh, name => Head.Contains(name));
        var report = ModelFolder.LoadBody(_stored.Path, _fresh);
        Assert.Equal(Values(_stored.Model, name => !Head.Contains(name)), Values(_fresh, name => !Head.Contains(name)));
        Assert.Equal(before, Values(_fresh, name => Head.Contains(name)));
        Assert.Equal(_fresh.named_parameters().Select(entry => entry.name).Except(Head), report.Loaded.Select(tensor => tensor.Name));
        Assert.Equal(Head.Order(StringComparer.Ordinal), report.Reinitialised.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        Assert.Equal([3, 16], report.Reinitialised.Single(tensor => tensor.Name == "classifier.weight").Shape);
        Assert.Equal(["classifier.bias", "classifier.weight"], report.Unexpected.Select(tensor => tensor.Name));
        Assert.Empty(report.Missing);
    }

    [Fact]
    public void A_head_of_another_size_takes_the_same_body()
    {
        using var two = new BertForSequenceClassification(TinyBert.Spec, 24, 2);
        ModelFolder.LoadBody(_stored.Path, two);
        Assert.Equal(Values(_stored.Model, name => !Head.Contains(name)), Values(two, name => !Head.Contains(name)));
    }

    [Theory]
    [InlineData("old norms")]
    [InlineData("no prefix")]
    [InlineData("both")]
    public void Names_of_older_and_bare_files_are_understood(string spelling)
    {
        _stored.Rewrite(name => Head.Contains(name) ? null : spelling switch
        {
            "old norms" => Old(name),
            "no prefix" => name["bert.".Length..],
            _ => Old(name)["bert.".Length..],
        });
        Assert.Empty(ModelFolder.LoadBody(_stored.Path, _fresh).Unexpected);
        Assert.Equal(Values(_stored.Model, name => !Head.Contains(name)), Values(_fresh, name => !Head.Contains(name)));
    }

    [Fact]
    public void Another_heads_tensors_are_reported_and_position_ids_are_not()
    {
        _stored.Rewrite(name => Head.Contains(name) ? null : name, null,
            ("cls.predictions.bias", zeros([24])), ("qa_outputs.weight", zeros([2, 16])), ("bert.embeddings.position_ids", zeros([1, 32], ScalarType.Int64)));
        var report = ModelFolder.LoadBody(_stored.Path, _fresh);
        Assert.Equal(["cls.predictions.bias", "qa_outputs.weight"], report.Unexpected.Select(tensor => tensor.Name));
        Assert.Equal([2, 16], report.Unexpected[1].Shape);
    }

    [Fact]
    public void A_missing_pooler_is_reported_and_left_as_built()
    {
        _stored.Rewrite(name => name.Contains("pooler", StringComparison.Ordinal) ? null : name);
        var before = Values(_fresh, name => name.Contains("pooler", StringComparison.Ordinal));
        var report = ModelFolder.LoadBody(_stored.Path, _fresh);
        Assert.Equal(["bert.pooler.dense.bias", "bert.pooler.dense.weight"], report.Missing.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        Assert.Equal(4, report.Reinitialised.Count);
        Assert.Equal(before, Values(_fresh, name => name.Contains("pooler", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("bert.encoder.layer.1.output.dense.bias", null, "Missing: bert.encoder.layer.1.output.dense.bias")]
    [InlineData("bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.scale", "Without a place in it: bert.embeddings.LayerNorm.scale")]
    [InlineData("bert.embeddings.LayerNorm.bias", "bert.embeddings.LayerNorm.gamma", "twice, once as")]
    public void A_body_with_a_gap_is_refused_and_nothing_is_filled(string name, string? other, string expected)
    {
        _stored.Rewrite(stored => stored == name ? other : stored);
        Refused(expected);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_with_both_shapes()
    {
        _stored.Rewrite(name => name == "bert.embeddings.word_embeddings.weight" ? null : name, null, ("bert.embeddings.word_embeddings.weight", zeros([25, 16])));
        Refused("\"bert.embeddings.word_embeddings.weight\" is F32 [25, 16] but [24, 16] is needed");
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        _stored.Rewrite(name => name == "bert.pooler.dense.bias" ? null : name, null, ("bert.pooler.dense.bias", zeros([16], ScalarType.Int64)));
        Refused("\"bert.pooler.dense.bias\" is I64 [16], and weights are F32");
    }

    [Theory]
    [InlineData("\"num_attention_heads\": 2", "\"num_attention_heads\": 4", "num_attention_heads is 4 in the config.json beside it and 2 in this model")]
    [InlineData("\"layer_norm_eps\": 1E-12", "\"layer_norm_eps\": 1e-5", "layer_norm_eps is 1E-05")]
    public void Settings_that_shapes_do_not_show_must_be_the_models(string from, string to, string expected)
    {
        _stored.EditConfig(from, to);
        Refused(expected);
    }

    [Fact]
    public void Dropout_is_a_matter_of_training()
    {
        _stored.EditConfig("\"hidden_dropout_prob\": 0.1", "\"hidden_dropout_prob\": 0.4");
        Assert.NotEmpty(ModelFolder.LoadBody(_stored.Path, _fresh).Loaded);
    }

    [Fact]
    public void A_model_without_a_body_cannot_start_from_one()
    {
        using var cbow = new CbowSpec().Build(24, 3);
        var error = Assert.Throws<LabException>(() => ModelFolder.LoadBody(_stored.Path, cbow));
        Assert.Contains("A cbow has no body", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_a_body_needs_no_names_of_classes()
    {
        _stored.EditConfig("\"id2label\"", "\"other\"");
        Assert.Equal(TinyBert.Spec, ModelFolder.ReadBody(_stored.Path).Spec);
        Assert.Equal(24, ModelFolder.ReadBody(_stored.Path).VocabSize);
        Assert.Equal(["LABEL_0", "LABEL_1"], ModelFolder.ReadBody(_stored.Path).Labels.Names);
        _stored.EditConfig("\"other\"", "\"num_labels\": 3, \"other\"");
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], ModelFolder.ReadBody(_stored.Path).Labels.Names);
        Assert.Throws<LabException>(() => ModelFolder.Load(_stored.Path, CPU));
    }

    public void Dispose()
    {
        _stored.Dispose();
        _fresh.Dispose();
    }

    private static string Old(string name) => name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);

    private static float[] Values(TextClassifier model, Func<string, bool> which) =>
        [.. model.named_parameters().Where(entry => which(entry.name)).SelectMany(entry => entry.parameter.data<float>().ToArray())];

    private void Refused(string expected)
    {
        var before = Values(_fresh, _ => true);
        var error = Assert.Throws<LabException>(() => ModelFolder.LoadBody(_stored.Path, _fresh));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(_fresh, _ => true));
    }
}
