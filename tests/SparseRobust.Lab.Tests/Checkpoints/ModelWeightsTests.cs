using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelWeightsTests : IDisposable
{
    private readonly TinyWeights _stored = new();

    [Theory]
    [InlineData(ScalarType.Float16, 5e-4)]
    [InlineData(ScalarType.BFloat16, 4e-3)]
    [InlineData(ScalarType.Float64, 0)]
    public void Other_floating_point_types_become_float32(ScalarType dtype, double relative)
    {
        _stored.Rewrite(convert: tensor => tensor.to_type(dtype));
        using var loaded = ModelFolder.Load(_stored.Path, CPU);
        foreach (var ((name, due), (_, parameter)) in _stored.Model.named_parameters().Zip(loaded.named_parameters()))
        {
            using var scope = NewDisposeScope();
            Assert.Equal(ScalarType.Float32, parameter.dtype);
            Assert.True(parameter.allclose(due, relative, 1e-7), name);
            Assert.True(parameter.equal(due.to_type(dtype).to_type(ScalarType.Float32)), name);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, "float16")]
    [InlineData(ScalarType.BFloat16, "bfloat16")]
    public void A_model_can_be_stored_in_half_the_bytes(ScalarType dtype, string named)
    {
        var whole = new FileInfo(_stored.File(ModelFolder.WeightsFile)).Length;
        ModelFolder.Save(_stored.Path, _stored.Model, LabelSet.ThreeWayNli, TinyWeights.Words, dtype);
        Assert.InRange(new FileInfo(_stored.File(ModelFolder.WeightsFile)).Length, whole * 0.45, whole * 0.75);
        Assert.Contains($"\"torch_dtype\": \"{named}\"", File.ReadAllText(_stored.File(ModelFolder.ConfigFile)), StringComparison.Ordinal);
        using var loaded = ModelFolder.Load(_stored.Path, CPU);
        foreach (var ((name, due), (_, parameter)) in _stored.Model.named_parameters().Zip(loaded.named_parameters()))
        {
            using var scope = NewDisposeScope();
            Assert.True(parameter.equal(due.to_type(dtype).to_type(ScalarType.Float32)), name);
        }
    }

    [Fact]
    public void A_weight_beyond_half_precision_is_an_error_that_names_it_and_writes_nothing()
    {
        var before = ModelWeights.Sha256(_stored.Path);
        using (no_grad())
            _stored.Model.Classifier.Bias.fill_(-70_000);
        var error = Assert.Throws<LabException>(() => ModelFolder.Save(_stored.Path, _stored.Model, LabelSet.ThreeWayNli, TinyWeights.Words, ScalarType.Float16));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains("\"classifier.bias\" holds 70000, which F16 cannot hold", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ModelWeights.Sha256(_stored.Path));
        ModelFolder.Save(_stored.Path, _stored.Model, LabelSet.ThreeWayNli, TinyWeights.Words, ScalarType.BFloat16);
    }

    [Fact]
    public void A_float64_beyond_float32_is_refused_by_name()
    {
        _stored.Rewrite(name => name == "classifier.bias" ? null : name, null, ("classifier.bias", full([3], 1e300, ScalarType.Float64)));
        Refused("\"classifier.bias\" holds numbers of float64 that float32 cannot hold");
    }

    [Fact]
    public void Weights_in_several_files_are_one_model()
    {
        var due = TinyBert.Logits(_stored.Model);
        _stored.Split();
        using var loaded = ModelFolder.Load(_stored.Path, CPU);
        loaded.eval();
        Assert.Equal(due, TinyBert.Logits(loaded));
        var hash = ModelWeights.Sha256(_stored.Path);
        using (no_grad())
            _stored.Model.Classifier.Bias.fill_(1);
        _stored.Split();
        Assert.NotEqual(hash, ModelWeights.Sha256(_stored.Path));
    }

    [Fact]
    public void The_one_file_counts_before_the_several()
    {
        _stored.Split();
        _stored.Rewrite();
        using var weights = ModelWeights.Open(_stored.Path);
        Assert.Equal(_stored.File(ModelFolder.WeightsFile), weights.Path);
        Assert.Equal(ContentHash.OfFile(weights.Path), ModelWeights.Sha256(_stored.Path));
    }

    [Theory]
    [InlineData("\"model-00001", "\"../model-00001", "lies in \"../model-00001-of-00002.safetensors\"")]
    [InlineData("\"model-00001", "\"/etc/model-00001", "no name of a .safetensors file")]
    [InlineData("\"model-00001", "\"..\\\\model-00001", "no name of a .safetensors file")]
    [InlineData("00001-of-00002.safetensors", "00001-of-00002.bin", "no name of a .safetensors file")]
    [InlineData("\"model-00001-of-00002.safetensors\"", "7", "has no file name")]
    [InlineData("weight_map", "other", "it has no weight_map")]
    [InlineData("\"classifier.bias\":", "\"classifier.bais\":", "holds \"classifier.bias\", which the index does not name")]
    [InlineData("\"classifier.bias\":", "\"more\": \"model-00001-of-00002.safetensors\", \"classifier.bias\":", "\"more\" is not in model-00001-of-00002.safetensors")]
    [InlineData("\"classifier.bias\":", "\"classifier.weight\":", "Duplicate")]
    [InlineData("}", "", "is no index of a model's weights")]
    public void A_lying_index_is_refused(string from, string to, string expected)
    {
        _stored.Split(index => index.Replace(from, to, StringComparison.Ordinal));
        Refused(expected);
    }

    [Fact]
    public void An_index_of_many_megabytes_is_not_read()
    {
        _stored.Split();
        using (var file = File.OpenWrite(_stored.File("model.safetensors.index.json")))
            file.SetLength(17 << 20);
        Refused("has 17825792 bytes");
    }

    [Fact]
    public void Pytorchs_files_may_be_several_too()
    {
        File.Delete(_stored.File(ModelFolder.WeightsFile));
        File.WriteAllBytes(_stored.File("pytorch_model-00001-of-00002.bin"), TorchFiles.Bytes("module"));
        File.WriteAllBytes(_stored.File("pytorch_model-00002-of-00002.bin"), TorchFiles.Bytes("parameters, before 1.6"));
        File.WriteAllText(_stored.File("pytorch_model.bin.index.json"), """
            {"weight_map": {"weight": "pytorch_model-00001-of-00002.bin", "bias": "pytorch_model-00001-of-00002.bin",
                            "w": "pytorch_model-00002-of-00002.bin", "b": "pytorch_model-00002-of-00002.bin"}}
            """);
        using var weights = ModelWeights.Open(_stored.Path);
        Assert.Equal(["b", "bias", "w", "weight"], weights.Tensors.Select(tensor => tensor.Name));
        using var target = zeros([3]);
        weights.CopyInto(weights.Tensors.First(), target);
        Assert.Equal(TorchFiles.Tensors("parameters").Single(tensor => tensor.Name == "b").Values, target.data<float>().ToArray().Select(value => (double)value));
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        _stored.Split();
        File.Delete(_stored.File("model-00002-of-00002.safetensors"));
        var error = Assert.Throws<LabException>(() => ModelFolder.Load(_stored.Path, CPU));
        Assert.Equal(ProblemCode.ArtifactMissing, error.Code);
        Assert.Contains("model-00002-of-00002.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hidden_size\": 16", "\"hidden_size\": 16384")]
    [InlineData("\"vocab_size\": 24", "\"vocab_size\": 2000000000")]
    [InlineData("\"id2label\"", "\"num_hidden_layers\": 96, \"intermediate_size\": 65536, \"hidden_size\": 1024, \"id2label\"")]
    public void A_config_that_describes_a_giant_is_not_built(string from, string to)
    {
        _stored.EditConfig(from, to);
        Refused("which describes a model of");
        var error = Assert.Throws<LabException>(() => ModelFolder.ReadBody(_stored.Path));
        Assert.Contains("Take the config.json that belongs to them", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_file_leaves_no_tensor()
    {
        _stored.EditConfig("\"hidden_size\": 16", "\"hidden_size\": 32");
        var live = LiveTensors.Settled();
        Refused("[24, 32] is needed");
        Assert.Equal(live, TensorCensus.Live);
    }

    public void Dispose() => _stored.Dispose();

    private void Refused(string expected)
    {
        var error = Assert.Throws<LabException>(() => ModelFolder.Load(_stored.Path, CPU));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
