using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelFilesTests
{
    [Fact]
    public void Of_all_formats_of_the_weights_one_is_taken_and_nothing_that_is_not_known() =>
        Assert.Equal(["config.json", "tokenizer.json", "vocab.txt", "README.md", "model.safetensors"],
            ModelFiles.Choose(["README.md", "model.safetensors", "pytorch_model.bin", "tf_model.h5", ".gitattributes", "modeling_x.py", "vocab.txt", "tokenizer.json", "config.json", "model-00001-of-00002.safetensors"]));

    [Fact]
    public void The_parts_of_weights_come_with_their_index() =>
        Assert.Equal(["config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
            ModelFiles.Choose(["model-00002-of-00002.safetensors", "model-1-of-2.safetensors", "pytorch_model.bin", "config.json", "model-00001-of-00002.safetensors", "model.safetensors.index.json"]));

    [Fact]
    public void PyTorch_s_weights_are_taken_where_there_are_no_others() =>
        Assert.Equal(["config.json", "pytorch_model.bin"], ModelFiles.Choose(["config.json", "pytorch_model.bin", "flax_model.msgpack"]));

    [Theory]
    [InlineData("model.safetensors", "config.json")]
    [InlineData("config.json,tf_model.h5", "weights")]
    public void Without_configuration_or_weights_there_is_no_model(string names, string expected)
    {
        var refusal = Assert.Throws<LabException>(() => ModelFiles.Choose(names.Split(',')));
        Assert.Equal(ProblemCode.ModelInvalid, refusal.Code);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_received_is_measured_and_no_more_than_the_limit()
    {
        using var folder = new TemporaryFolder();
        var file = ModelFiles.Receive(new MemoryStream("abc"u8.ToArray()), folder.Path, "vocab.txt", 3, CancellationToken.None);
        Assert.Equal(new ImportedFile("vocab.txt", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), file);
        Assert.Equal(file, ModelFiles.Measure(folder.Path, "vocab.txt", CancellationToken.None));
        Assert.Equal(ProblemCode.ModelInvalid, Assert.Throws<LabException>(() => ModelFiles.Receive(new MemoryStream(new byte[4]), folder.Path, "more.txt", 3, CancellationToken.None)).Code);
    }
}
