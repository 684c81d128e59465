using System.Text.Json.Nodes;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelFolderTests : IDisposable
{
    private static readonly WordPiece Words = new(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, 19).Select(i => $"w{i}")]));
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Reloading_gives_bit_equal_logits()
    {
        using var saved = TinyBert.Create();
        ModelFolder.Save(_folder.Path, saved, LabelSet.ThreeWayNli, Words);
        using var loaded = ModelFolder.Load(_folder.Path, CPU);
        saved.eval();
        loaded.eval();
        Assert.Equal(TinyBert.Logits(saved), TinyBert.Logits(loaded));
    }

    [Fact]
    public void A_RoBERTa_comes_back_with_bit_equal_logits_and_Hugging_Faces_names()
    {
        using var scope = NewDisposeScope();
        using var saved = TinyRoberta.Create();
        ModelFolder.Save(_folder.Path, saved, LabelSet.ThreeWayNli, Words);
        using var loaded = ModelFolder.Load(_folder.Path, CPU);
        saved.eval();
        loaded.eval();
        Assert.Equal(TinyRoberta.Spec, loaded.Spec);
        Assert.Equal(TinyBert.Logits(saved), TinyBert.Logits(loaded));
        var config = JsonNode.Parse(File.ReadAllText(_folder.File(ModelFolder.ConfigFile)))!;
        Assert.Equal(("roberta", "RobertaForSequenceClassification", "gelu"), ((string?)config["model_type"], (string?)config["architectures"]![0], (string?)config["hidden_act"]));
        Assert.Equal((1, 32, 1, 1e-5), ((int)config["pad_token_id"]!, (int)config["max_position_embeddings"]!, (int)config["type_vocab_size"]!, (double)config["layer_norm_eps"]!));
    }

    [Theory]
    [InlineData("\"pad_token_id\": 1", "\"pad_token_id\": 31", "pad_token_id 31 leaves no position")]
    [InlineData("\"vocab_size\": 24", "\"vocab_size\": 1", "vocab_size is 1")]
    [InlineData("\"hidden_size\": 16", "\"hidden_size\": 15", "hidden_size 15 is not a multiple of num_attention_heads 2")]
    public void A_RoBERTas_config_that_does_not_fit_is_refused(string from, string to, string expected)
    {
        using var model = TinyRoberta.Create();
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, Words);
        var config = _folder.File(ModelFolder.ConfigFile);
        File.WriteAllText(config, File.ReadAllText(config).Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Throws<LabException>(() => ModelFolder.Load(_folder.Path, CPU));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_twice_gives_the_same_bytes()
    {
        using var model = TinyBert.Create();
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, Words);
        var first = File.ReadAllBytes(Path.Combine(_folder.Path, ModelFolder.WeightsFile));
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, Words);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(_folder.Path, ModelFolder.WeightsFile)));
    }

    [Fact]
    public void Label_names_come_back_in_the_order_of_their_ids()
    {
        using var model = TinyBert.Create();
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, Words);
        Assert.Equal(LabelSet.ThreeWayNli, ModelConfig.Read(Path.Combine(_folder.Path, ModelFolder.ConfigFile)).Labels);
    }

    [Theory]
    [InlineData("\"hidden_size\": 16", "\"hidden_size\": 32", "[24, 32] is needed")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "Missing: bert.encoder.layer.2")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", "Unexpected: bert.encoder.layer.1")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": -2", "num_hidden_layers is -2, not between 1 and 96")]
    [InlineData("\"num_attention_heads\": 2", "\"num_attention_heads\": 3", "not a multiple of num_attention_heads 3")]
    [InlineData("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"", "hidden_act \"relu\" is not read here")]
    [InlineData("\"model_type\": \"bert\"", "\"model_type\": \"electra\"", "model_type \"electra\"")]
    [InlineData("\"2\": \"neutral\"", "\"3\": \"neutral\"", "id2label does not name the classes")]
    [InlineData("\"2\": \"neutral\"", "\"2\": \"entailment\"", "two classes the same name")]
    [InlineData("\"vocab_size\": 24", "\"vocab_size\": 0", "vocab_size is 0")]
    [InlineData("\"vocab_size\": 24", "\"vocab_size\": \"24\"", "not a model's config.json")]
    public void A_config_that_does_not_fit_is_refused_with_names_and_shapes(string from, string to, string expected)
    {
        using var model = TinyBert.Create();
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, Words);
        var config = Path.Combine(_folder.Path, ModelFolder.ConfigFile);
        File.WriteAllText(config, File.ReadAllText(config).Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Throws<LabException>(() => ModelFolder.Load(_folder.Path, CPU));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_model_is_missing_by_name() =>
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => ModelFolder.Load(_folder.Path, CPU)).Code);

    [Fact]
    public void A_folder_that_is_not_there_is_missing_by_name() =>
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => ModelFolder.Load(_folder.File("absent"), CPU)).Code);

    public void Dispose() => _folder.Dispose();
}
