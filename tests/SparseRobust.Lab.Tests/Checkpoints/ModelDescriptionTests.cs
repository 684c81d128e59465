using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelDescriptionTests : IDisposable
{
    private readonly TinyWeights _stored = new();

    public static TheoryData<bool> Kinds => [false, true];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_shapes_of_a_body_are_those_of_a_built_model(bool isRoberta)
    {
        using TextClassifier model = isRoberta ? TinyRoberta.Create() : TinyBert.Create();
        var spec = (TransformerSpec)model.Spec;
        var built = model.named_parameters().Where(entry => entry.name.StartsWith(spec.Prefix + ".", StringComparison.Ordinal)).Select(entry => $"{entry.name} {StoredTensor.Shown(entry.parameter.shape)}");
        Assert.Equal(built.Order(StringComparer.Ordinal), BodyShapes.Of(spec, 24).Select(shape => $"{shape.Name} {StoredTensor.Shown(shape.Shape)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_is_described_by_its_files()
    {
        var model = ModelDescription.Inspect(_stored.Path);
        Assert.Equal(("bert", 24, 32, "F32"), (model.Kind, model.VocabularySize, model.MaxInputLength, model.StoredAs));
        Assert.Equal(_stored.Model.Bert.parameters().Sum(parameter => parameter.numel()), model.Parameters);
        _stored.Split();
        Assert.Equal(model, ModelDescription.Inspect(_stored.Path));
    }

    [Fact]
    public void A_missing_pooler_is_no_fault_and_is_not_counted()
    {
        _stored.Rewrite(name => name.Contains("pooler", StringComparison.Ordinal) ? null : name);
        Assert.Equal(_stored.Model.Bert.parameters().Sum(parameter => parameter.numel()) - 17 * 16, ModelDescription.Inspect(_stored.Path).Parameters);
    }

    [Fact]
    public void Looking_at_a_folder_draws_nothing_from_the_random_generator()
    {
        manual_seed(7);
        using var expected = randn(4);
        manual_seed(7);
        ModelDescription.Inspect(_stored.Path);
        using var drawn = randn(4);
        Assert.Equal(expected.data<float>().ToArray(), drawn.data<float>().ToArray());
    }

    [Theory]
    [InlineData("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"", "\"gpt2\"")]
    [InlineData("\"intermediate_size\": 32", "\"intermediate_size\": 48", "bert.encoder.layer.0.intermediate.dense.weight")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "Missing: bert.encoder.layer.2")]
    [InlineData("\"vocab_size\": 24", "\"vocab_size\": 20", "has 24 tokens")]
    [InlineData("{", "", "config.json")]
    public void What_does_not_belong_together_is_refused_by_name(string from, string to, string expected)
    {
        _stored.EditConfig(from, to);
        Refused(expected);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("vocab.txt")]
    public void Each_file_is_needed_and_no_message_says_where_they_lie(string file)
    {
        File.Delete(_stored.File("tokenizer.json"));
        File.Delete(_stored.File(file));
        Refused(file);
    }

    [Fact]
    public void A_tokenizer_is_looked_at_before_there_are_weights()
    {
        File.Delete(_stored.File("model.safetensors"));
        File.Delete(_stored.File("tokenizer.json"));
        ModelDescription.RequireReadable(_stored.Path);
        File.WriteAllText(_stored.File("vocab.txt"), "[PAD]\n[PAD]\n");
        Assert.Contains("twice", Assert.Throws<LabException>(() => ModelDescription.RequireReadable(_stored.Path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _stored.Dispose();

    private void Refused(string expected)
    {
        var refusal = Assert.Throws<LabException>(() => ModelDescription.Inspect(_stored.Path));
        Assert.Equal(ProblemCode.ModelInvalid, refusal.Code);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_stored.Path, refusal.Message, StringComparison.Ordinal);
    }
}
