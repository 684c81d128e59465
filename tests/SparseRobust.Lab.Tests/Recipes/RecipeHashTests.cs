using System.Text.Json;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Recipes;

public class RecipeHashTests
{
    private const string Short = """{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""";

    [Fact]
    public void Defaults_written_out_do_not_change_the_hash() => Assert.Equal(
        RecipeHash.Of(RecipeReader.Read(Short)),
        RecipeHash.Of(RecipeReader.Read("""{"paradigm": {"fine_tuning": {"learning_rate": 5e-5, "objective": {"kind": "cross-entropy"}}, "kind": "full-model"}, "max_length": 128, "task": {"kind": "shortcut-nli"}}""")));

    [Fact]
    public void Every_other_value_changes_it()
    {
        var recipe = RecipeReader.Read(Short);
        var variants = new[]
        {
            recipe with { MaxLength = 64 },
            recipe with { Paradigm = new FullModel { FineTuning = new() { LearningRate = 1e-4 } } },
            recipe with { Paradigm = new FullModel { FineTuning = new() { Objective = new Lab.Objectives.ProductOfExpertsSpec() } } },
            recipe with { Paradigm = new WithoutFineTuning { Pruning = new Lab.Pruning.MagnitudeSpec { Sparsity = 0 } } },
        };
        Assert.Equal(variants.Length + 1, variants.Append(recipe).Select(RecipeHash.Of).Distinct().Count());
    }

    /// <summary>A changed default must raise RunRecipe.SchemaVersion; then this file is renewed.</summary>
    [Fact]
    public void Every_default_is_pinned()
    {
        const string json = """
            {"task": {"kind": "shortcut-nli"},
             "paradigm": {"kind": "after-fine-tuning", "pruning": {"kind": "mask-training", "sparsity": 0.5}, "pruning_training": {}}}
            """;
        var written = JsonSerializer.Serialize(RecipeReader.Read(json), LabJson.Options);
        Assert.Equal(File.ReadAllText(RepositoryFiles.Fixture("recipes", "defaults.json")).ReplaceLineEndings("\n").Trim(), written.ReplaceLineEndings("\n"));
    }

    /// <summary>A changed default must raise RunRecipe.SchemaVersion; then this pin is renewed.</summary>
    [Fact]
    public void The_hash_of_the_shortest_recipe_is_pinned() => Assert.Equal("d6a10bc4ce1f", RecipeHash.Of(RecipeReader.Read(Short)));

    /// <summary>SHA-256 over {"data":[],"dtype":"float32","inputs":[the stages it reads],"schema_version":1,"seed":1,"stage":{...}}: what a stage reads counts by its hash alone,
    /// so finished stages of earlier versions are found again.</summary>
    [Theory]
    [InlineData("cross-entropy", "fine-tune ae72ce0786e4")]
    [InlineData("product-of-experts", "fit-bias 806dbdf6c5f9, fine-tune d84e94364924")]
    public void The_hashes_of_the_stages_are_pinned(string objective, string stages)
    {
        var recipe = RecipeReader.Read("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model", "fine_tuning": {"objective": {"kind": "OBJECTIVE"}}}}""".Replace("OBJECTIVE", objective, StringComparison.Ordinal));
        Assert.Equal(stages, string.Join(", ", recipe.Paradigm.Stages(recipe).SkipLast(1).Select(stage => $"{stage.Name} {RecipeHash.Of(stage, seed: 1, identities: [])}")));
    }

    /// <summary>As the others; a pruning reads the fine-tuning ae72ce0786e4.</summary>
    [Theory]
    [InlineData("magnitude", "null", "33b7b505adfd")]
    [InlineData("mask-training", "{}", "4391514b8de7")]
    public void The_hashes_of_prunings_are_pinned(string kind, string training, string expected)
    {
        var recipe = RecipeReader.Read($$$"""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "after-fine-tuning", "pruning": {"kind": "{{{kind}}}", "sparsity": 0.5}, "pruning_training": {{{training}}}}}""");
        Assert.Equal(expected, RecipeHash.Of(recipe.Paradigm.Stages(recipe).Single(stage => stage.Name == "prune"), seed: 1, identities: []));
    }

    [Fact]
    public void The_hashes_of_pruning_stages_are_pinned()
    {
        var recipe = RecipeReader.Read("""{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "in-isolation", "pruning": {"kind": "magnitude", "sparsity": 0.5}, "pruning_training": {}}}""");
        var hashes = recipe.Paradigm.Stages(recipe).Select(stage => $"{stage.Name} {RecipeHash.Of(stage, seed: 1, identities: [])}");
        Assert.Equal(["fine-tune ae72ce0786e4", "evaluate fine-tune 78d10ecd72f0", "prune a78468ac6cd2", "fine-tune in isolation 36ac0e7e86a1"], hashes.Where(text => !text.StartsWith("evaluate prune", StringComparison.Ordinal)).SkipLast(1));
    }

    [Fact]
    public void A_teacher_is_part_of_the_hash_only_when_it_is_another() => Assert.Multiple(
        () => Assert.Equal("d6a10bc4ce1f", RecipeHash.Of(RecipeReader.Read(Short) with { Teacher = new() })),
        () => Assert.NotEqual("d6a10bc4ce1f", RecipeHash.Of(RecipeReader.Read(Short) with { Teacher = new() { NumTrainEpochs = 1 } })));
}
