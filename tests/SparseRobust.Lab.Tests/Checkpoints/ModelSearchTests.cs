using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelSearchTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private ModelSearch Both => new([_root.File("first"), _root.File("second")]);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_first_folder_that_holds_a_model_of_the_name_counts()
    {
        var second = Write("second", "bert");
        Assert.Equal(second, Both.Find("bert"));
        Assert.Equal(second, new ModelSearch([]).Find(second));
        Directory.CreateDirectory(_root.File("first", "bert"));
        Assert.Equal(second, Both.Find("bert"));
        Assert.Equal(Write("first", "bert"), Both.Find("bert"));
        Assert.Equal(Write("first", "deep", "er"), Both.Find("deep/er"));
    }

    [Fact]
    public void What_is_missing_is_told_with_the_places_and_the_models_there()
    {
        Write("second", "bert-b");
        Write("second", "bert-a");
        Directory.CreateDirectory(_root.File("second", "mnli"));
        var error = Assert.Throws<LabException>(() => Both.Find("bert"));
        Assert.Equal(ProblemCode.ArtifactMissing, error.Code);
        Assert.Contains($"{_root.File("first")} (not there); {_root.File("second")} (models there: bert-a, bert-b)", error.Message, StringComparison.Ordinal);
        Assert.Contains("is there. Put", Assert.Throws<LabException>(() => Both.Find(_root.File("third"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stamp_follows_the_files_and_the_folder_that_counts()
    {
        List<string> stamps = [Both.Stamp("bert")];
        var folder = Write("second", "bert");
        stamps.Add(Both.Stamp("bert"));
        Assert.Equal(stamps[1], Both.Stamp("bert"));
        File.WriteAllText(Path.Combine(folder, "model.safetensors"), "more");
        stamps.Add(Both.Stamp("bert"));
        Write("first", "bert");
        stamps.Add(Both.Stamp("bert"));
        Assert.Equal(4, stamps.Distinct().Count());
    }

    private string Write(params string[] parts)
    {
        var folder = Directory.CreateDirectory(_root.File(parts)).FullName;
        File.WriteAllText(Path.Combine(folder, ModelFolder.ConfigFile), "{}");
        return folder;
    }
}
