using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class PretrainedStoreTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly PretrainedStore _store;

    public PretrainedStoreTests() => _store = new PretrainedStore(_root.Path);

    [Fact]
    public void A_model_is_found_as_it_was_published()
    {
        var model = Model("tiny");
        Assert.Same(model, _store.Publish(Staged("abc"), model));
        var found = _store.Find("tiny")!;
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(model), System.Text.Json.JsonSerializer.Serialize(found));
        Assert.Equal(new HubSource { Repository = "owner/tiny", Revision = "v1" }, found.Source);
        Assert.Equal(["tiny"], _store.List().Select(each => each.Name));
        Assert.Equal(["config.json", "import.json"], Directory.GetFiles(_root.File("models", "tiny")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_is_taken_stays_with_its_model()
    {
        _store.Publish(Staged("abc"), Model("tiny"));
        var other = Model("tiny") with { Files = [new ImportedFile("config.json", 4, new string('b', 64))] };
        var there = _store.Publish(Staged("abcd"), other);
        Assert.False(there.Holds(other.Files));
        Assert.Equal("abc", File.ReadAllText(_root.File("models", "tiny", "config.json")));
    }

    [Fact]
    public void A_model_that_is_deleted_is_gone_with_its_files()
    {
        _store.Publish(Staged("abc"), Model("tiny"));
        Assert.True(_store.Delete("tiny"));
        Assert.Null(_store.Find("tiny"));
        Assert.False(_store.Delete("tiny"));
        Assert.Empty(Directory.GetFiles(_root.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_description_that_cannot_be_read_names_its_file()
    {
        _store.Publish(Staged("abc"), Model("tiny"));
        File.WriteAllText(_root.File("models", "tiny", "import.json"), "{}");
        var refusal = Assert.Throws<LabException>(() => _store.List());
        Assert.Equal(ProblemCode.ArtifactCorrupt, refusal.Code);
        Assert.Contains("import.json", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert-base_1.0", true)]
    [InlineData("7b", true)]
    [InlineData("", false)]
    [InlineData(".imports", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("\u00e4", false)]
    public void A_name_is_a_plain_folder_s(string name, bool isName) => Assert.Equal(isName, PretrainedStore.IsName(name));

    public void Dispose() => _root.Dispose();

    private static ImportedModel Model(string name) => new()
    {
        Name = name,
        Source = new HubSource { Repository = "owner/tiny", Revision = "v1" },
        Commit = new string('c', 40),
        Model = new ModelDescription { Kind = "bert", Shape = "bert 2 x 16", Parameters = 10, VocabularySize = 24, MaxInputLength = 32, StoredAs = "F32" },
        Files = [new ImportedFile("config.json", 3, new string('a', 64))],
        ImportedAt = DateTimeOffset.UnixEpoch,
    };

    private string Staged(string content)
    {
        var folder = Directory.CreateDirectory(_store.WorkFolder("staged")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), content);
        return folder;
    }
}
