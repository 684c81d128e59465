using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Recipes;

public sealed class BiasSourceIdentityTests : IDisposable
{
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void The_content_of_a_vector_file_is_part_of_the_bias_stage_and_of_what_depends_on_it()
    {
        var recipe = RecipeWith(new OverlapBiasSpec { Vectors = new FastTextVectors { Path = "a.vec" } }, new ProductOfExpertsSpec());
        _data.Write("a.vec", "1 2\nman 1 0\n");
        var before = Plan(recipe);
        Assert.Equal(before, Plan(recipe));
        _data.Write("a.vec", "1 2\nman 1 1\n");
        var after = Plan(recipe);
        Assert.Equal(["fit-bias", "fine-tune", "evaluate fine-tune"], after.Select(stage => stage.Name));
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First.Hash, pair.Second.Hash));
    }

    [Fact]
    public void A_stage_without_a_bias_model_does_not_depend_on_it()
    {
        _data.Write("a.vec", "1 2\nman 1 0\n");
        var with = RecipeWith(new OverlapBiasSpec { Vectors = new FastTextVectors { Path = "a.vec" } }, new CrossEntropySpec());
        Assert.Equal(Plan(RecipeWith(new OverlapBiasSpec(), new CrossEntropySpec())).Select(stage => stage.Hash), Plan(with).Select(stage => stage.Hash));
    }

    [Fact]
    public void A_plan_names_the_file_and_its_hash()
    {
        var path = _data.Write("p.npy", "x");
        var identity = Laboratory().Identify(RecipeWith(new ImportedBiasSpec { Path = "p.npy", Columns = "a, b" }, new ProductOfExpertsSpec()).Setup, CancellationToken.None);
        Assert.Equal([path], identity.Files);
        Assert.Equal("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", identity.BiasSourceSha256);
    }

    [Fact]
    public void A_file_that_is_not_there_is_missing_before_anything_runs() => Assert.Equal(
        ProblemCode.DatasetMissing, Assert.Throws<LabException>(() => Plan(RecipeWith(new ImportedBiasSpec { Path = "p.npy", Columns = "a, b" }, new ProductOfExpertsSpec()))).Code);

    [Fact]
    public void A_laboratory_scores_a_bias_model_without_training()
    {
        var report = Laboratory().ScoreBias(RecipeWith(new OverlapBiasSpec(), new CrossEntropySpec()), CancellationToken.None);
        Assert.Equal(["train", "dev", "ood", "ood-reversed"], report.Scores.Select(score => score.Split).Distinct());
        Assert.Empty(Directory.GetFileSystemEntries(_data.Root));
    }

    private static RunRecipe RecipeWith(BiasSpec bias, ObjectiveSpec objective) => new()
    {
        Task = new ShortcutNliTask { TrainRows = 300, EvaluationRows = 90 },
        Bias = bias,
        Paradigm = new FullModel { FineTuning = new TrainingSpec { Objective = objective } },
    };

    private IReadOnlyList<(string Name, string Hash, bool IsComplete)> Plan(RunRecipe recipe) => Laboratory().Plan(recipe, 1, CancellationToken.None);

    private Laboratory Laboratory() => new(new LaboratoryOptions(_data.Root, _data.Folders), TimeProvider.System);
}
