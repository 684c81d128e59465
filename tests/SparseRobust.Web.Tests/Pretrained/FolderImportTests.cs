using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Pretrained;

namespace SparseRobust.Web.Tests.Pretrained;

public sealed class FolderImportTests : IAsyncDisposable
{
    private readonly ImportBench _bench = new();

    public FolderImportTests() => ModelFixture.Write(_bench.Inside("allowed/bert"), ModelFixture.Files());

    [Fact]
    public async Task A_folder_s_model_is_copied_and_the_folder_stays_as_it_is()
    {
        var import = await _bench.ImportAsync(ImportState.Succeeded, From("allowed/bert"));
        Assert.Equal(["tiny/README.md", "tiny/config.json", "tiny/import.json", "tiny/model.safetensors", "tiny/vocab.txt"], _bench.Files);
        Assert.Equal(From("allowed/bert"), import.Source);
        Assert.Null(import.Commit);
        Assert.Equal(7, Directory.GetFiles(_bench.Inside("allowed/bert"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task The_same_folder_again_is_there_until_it_changes()
    {
        await _bench.ImportAsync(ImportState.Succeeded, From("allowed/bert"));
        Assert.True((await _bench.StartAsync(From("allowed/bert"))).IsThere);
        await File.AppendAllTextAsync(_bench.Inside("allowed/bert/README.md"), "!");
        Assert.Equal("StateConflict", (await Assert.ThrowsAsync<Problem>(() => _bench.StartAsync(From("allowed/bert")))).Code);
    }

    [Fact]
    public async Task Links_inside_what_is_allowed_are_followed()
    {
        ModelFixture.Write(_bench.Inside("allowed/blobs"), [KeyValuePair.Create("1234", ModelFixture.Weights)]);
        File.Delete(_bench.Inside("allowed/bert/model.safetensors"));
        File.CreateSymbolicLink(_bench.Inside("allowed/bert/model.safetensors"), "../blobs/1234");
        Directory.CreateSymbolicLink(_bench.Inside("allowed/latest"), "bert");
        await _bench.ImportAsync(ImportState.Succeeded, From("allowed/latest"));
        Assert.Null(new FileInfo(Path.Combine(_bench.Store.Folder, ImportBench.Name, "model.safetensors")).LinkTarget);
        Assert.True((await _bench.StartAsync(From("allowed/latest"))).IsThere);
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("allowed/../elsewhere")]
    [InlineData("allowed/link")]
    [InlineData("allowed/none")]
    [InlineData("allowed-too")]
    [InlineData("allowed/loop/bert")]
    public async Task What_is_not_inside_an_allowed_folder_is_refused_alike_whether_it_is_there_or_not(string path)
    {
        ModelFixture.Write(_bench.Inside("elsewhere"), ModelFixture.Files());
        ModelFixture.Write(_bench.Inside("allowed-too"), ModelFixture.Files());
        Directory.CreateSymbolicLink(_bench.Inside("allowed/link"), _bench.Inside("elsewhere"));
        Directory.CreateSymbolicLink(_bench.Inside("allowed/loop"), "loop/more");
        var refusal = await Assert.ThrowsAsync<Problem>(() => _bench.StartAsync(From(path)));
        Assert.Equal("RequestInvalid", refusal.Code);
        Assert.Contains("is no folder inside", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("")]
    [InlineData("../allowed/bert")]
    public async Task A_path_that_is_not_whole_is_refused(string path) =>
        Assert.Equal("RequestInvalid", (await Assert.ThrowsAsync<Problem>(() => _bench.StartAsync(new FolderSource { Path = path }))).Code);

    [Fact]
    public async Task A_file_that_is_a_link_out_of_the_allowed_folders_is_refused()
    {
        await File.WriteAllBytesAsync(_bench.Inside("secret"), ModelFixture.Words);
        File.Delete(_bench.Inside("allowed/bert/vocab.txt"));
        File.CreateSymbolicLink(_bench.Inside("allowed/bert/vocab.txt"), _bench.Inside("secret"));
        var refusal = await Assert.ThrowsAsync<Problem>(() => _bench.StartAsync(From("allowed/bert")));
        Assert.Contains("vocab.txt", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_model_is_refused_at_once()
    {
        File.Delete(_bench.Inside("allowed/bert/config.json"));
        Assert.Equal(ProblemCode.ModelInvalid, (await Assert.ThrowsAsync<LabException>(() => _bench.StartAsync(From("allowed/bert")))).Code);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_model_whose_weights_belong_to_another_leaves_nothing()
    {
        await File.WriteAllBytesAsync(_bench.Inside("allowed/bert/config.json"), ModelFixture.ConfigWith("intermediate_size", 48));
        var import = await _bench.ImportAsync(ImportState.Failed, From("allowed/bert"));
        Assert.Equal("ModelInvalid", import.Problem!.Code);
        Assert.Contains("intermediate.dense.weight", import.Problem.Message, StringComparison.Ordinal);
        Assert.Equal([".imports/tiny/record.json"], _bench.Files);
    }

    [Fact]
    public async Task A_folder_of_that_name_that_was_not_imported_is_left_alone()
    {
        ModelFixture.Write(Path.Combine(_bench.Store.Folder, ImportBench.Name), [KeyValuePair.Create("mine", new byte[1])]);
        Assert.Contains("was not imported", (await Assert.ThrowsAsync<Problem>(() => _bench.StartAsync(From("allowed/bert")))).Message, StringComparison.Ordinal);
        Assert.Equal(["tiny/mine"], _bench.Files);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private FolderSource From(string path) => new() { Path = _bench.Inside(path) };
}
