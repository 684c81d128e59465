using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_a_bert_leaves_out_is_at_hugging_faces_default()
    {
        // The published numbers of bert-base-uncased: Devlin et al. (2019), sec. 3.
        var config = Read("""{"model_type": "bert"}""");
        Assert.Equal(new BertSpec { NumHiddenLayers = 12, HiddenSize = 768, NumAttentionHeads = 12, IntermediateSize = 3072, MaxPositionEmbeddings = 512 }, config.Spec);
        Assert.Equal(30_522, config.VocabSize);
        Assert.Equal(["LABEL_0", "LABEL_1"], config.Labels.Names);
    }

    [Fact]
    public void What_it_says_counts_before_the_default()
    {
        var config = Read("""{"num_hidden_layers": 4, "vocab_size": 100, "layer_norm_eps": 1e-5, "position_embedding_type": "absolute", "pruned_heads": { }, "is_decoder": false, "torch_dtype": "float16"}""");
        Assert.Equal(new BertSpec { NumHiddenLayers = 4, HiddenSize = 768, NumAttentionHeads = 12, IntermediateSize = 3072, MaxPositionEmbeddings = 512, LayerNormEps = 1e-5 }, config.Spec);
        Assert.Equal(100, config.VocabSize);
    }

    [Theory]
    [InlineData("""{"position_embedding_type": "relative_key"}""", "position_embedding_type \"relative_key\" is not read here, only \"absolute\"")]
    [InlineData("""{"hidden_act": "gelu_new"}""", "hidden_act \"gelu_new\" is not read here, only \"gelu\"")]
    [InlineData("""{"is_decoder": true}""", "is_decoder true is not read here")]
    [InlineData("""{"pruned_heads": {"1": [0]}}""", "pruned_heads {\"1\":[0]} is not read here")]
    [InlineData("""{"num_labels": 0}""", "num_labels is 0")]
    [InlineData("""{"num_labels": 2000000000}""", "num_labels is 2000000000")]
    [InlineData("""{"hidden_size": null}""", "not a model's config.json")]
    [InlineData("""{"hidden_size": 770}""", "not a multiple of num_attention_heads 12")]
    [InlineData("""{"model_type": "cbow", "vocab_size": 9}""", "embedding_size is missing")]
    [InlineData("""{"model_type": ["bert"]}""", "not a model's config.json")]
    [InlineData("null", "is null")]
    public void What_our_models_do_not_compute_is_refused_by_name(string json, string expected)
    {
        var error = Assert.Throws<LabException>(() => Read(json));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_of_many_megabytes_is_not_read()
    {
        using (var file = File.Create(_folder.File("config.json")))
            file.SetLength(17 << 20);
        Assert.Contains("has 17825792 bytes", Assert.Throws<LabException>(() => ModelConfig.Read(_folder.File("config.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_models_classes_must_be_named()
    {
        File.WriteAllText(_folder.File("config.json"), """{"num_labels": 3}""");
        Assert.Contains("id2label", Assert.Throws<LabException>(() => ModelConfig.Read(_folder.File("config.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_says_what_kind_of_problem_it_solves()
    {
        Assert.Contains("\"problem_type\": \"single_label_classification\"", Written(LabelSet.ThreeWayNli), StringComparison.Ordinal);
        Assert.Contains("\"problem_type\": \"regression\"", Written(LabelSet.Regression), StringComparison.Ordinal);
        Assert.Contains("\"torch_dtype\": \"float32\"", Written(LabelSet.Regression), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Written(LabelSet labels) => new ModelConfig(new BertSpec(), 24, labels).ToJson("BertForSequenceClassification", "float32");

    private ModelConfig Read(string json)
    {
        File.WriteAllText(_folder.File("config.json"), json);
        return ModelConfig.Read(_folder.File("config.json"), needsLabels: false);
    }
}
