using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Lab.Tests.Recipes;

public class PaperRecipesTests
{
    public static TheoryData<string> Presets => [.. PaperRecipes.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_comparison_names_two_cells_of_its_preset(string name)
    {
        var preset = PaperRecipes.Find(name)!;
        var cells = preset.Cells.Select(cell => cell.Name).ToList();
        Assert.Equal(preset.Cells.Count == 1, preset.Comparisons.Count == 0);
        Assert.All(preset.Comparisons, comparison =>
        {
            Assert.Contains(comparison.Cell, cells);
            Assert.Contains(comparison.Against, cells);
            Assert.NotEqual(comparison.Cell, comparison.Against);
        });
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Cells_differ_in_name_and_in_recipe(string name)
    {
        var cells = PaperRecipes.Find(name)!.Cells;
        Assert.Equal(cells.Count, cells.Select(cell => cell.Name).Distinct().Count());
        Assert.Equal(cells.Count, cells.Select(cell => RecipeHash.Of(cell.Recipe)).Distinct().Count());
    }

    /// <summary>Results of these recipes are published under docs/results; another hash would be another experiment under the old name.</summary>
    [Theory]
    [InlineData("srnets/shortcut-nli", "945d7f4e907a 73ddece63413 609dd9bb2bdb ebbdacad1863 7e3f241d03fe 4e9f26a885ea")]
    [InlineData("srnets/small-mnli-hans", "3e0917a62ab9 6cd92d62676e 8490c73970b1 bce8458c499c 813aaed1f887 5836bb231c87")]
    [InlineData(
        "lottery/glue-baselines-small",
        "9a8b30bf343b 587ed76b6908 c234973f453a 957919a7d53c 864ef7729364 7a1786efe3a2 fbc7baf4436a 43153c9e48eb 161b45433f89 1f86c7da195a 865694156c68 2decab6d814a "
        + "c882fa619e77 249d85e66083 18f601e3e0ad 82e5e1b61756 6dde352b6904 0bedd3ca0fb8 a79d57974544 58c19e8e5e83 9e060ef9190a 9902265ba3fc 66fab26299a3 ca0d106de4cb")]
    public void The_recipes_of_a_preset_with_published_results_are_pinned(string name, string hashes) =>
        Assert.Equal(hashes.Split(' '), PaperRecipes.Find(name)!.Cells.Select(cell => RecipeHash.Of(cell.Recipe)));

    /// <summary>One that reports what its dev set chose would be better than its models.</summary>
    [Fact]
    public void All_nine_tasks_of_GLUE_are_trained_by_each_simple_baseline_to_its_final_weights()
    {
        var cells = PaperRecipes.All.Where(preset => preset.Name.Contains("-baselines-small", StringComparison.Ordinal)).SelectMany(preset => preset.Cells).ToList();
        Assert.Equal(
            Enum.GetValues<GlueName>().SelectMany(task => new[] { typeof(BertSpec), typeof(CbowSpec), typeof(BiLstmSpec) }.Select(model => (task, model))).ToHashSet(),
            cells.Select(cell => (((GlueTask)cell.Recipe.Task).Name, cell.Recipe.Model.GetType())).ToHashSet());
        Assert.All(cells, cell => Assert.Empty(RecipeRules.Faults(cell.Recipe)));
        Assert.All(cells, cell => Assert.Equal(1, cell.Recipe.Paradigm.Parts.FineTuning!.SelectFrom));
    }

    [Fact]
    public void The_cells_of_GLUE_s_presets_bear_the_tasks_published_names() => Assert.Equal(
        ["CoLA", "SST-2", "MRPC", "STS-B", "QQP", "MNLI", "RTE", "WNLI", "QNLI"],
        PaperRecipes.All.Where(preset => preset.Name.Contains("-baselines-small", StringComparison.Ordinal)).SelectMany(preset => preset.Cells).Select(cell => cell.Name.Split(',')[0]).Distinct());

    [Fact]
    public void The_quickstart_trains_two_dense_models_and_six_masks_a_seed()
    {
        var preset = PaperRecipes.Find("quickstart/shortcut-nli")!;
        var hashes = preset.Cells.SelectMany(cell => cell.Recipe.Paradigm.Stages(cell.Recipe)).Select(stage => (stage.Name, Hash: RecipeHash.Of(stage, seed: 1, []))).Distinct().ToList();
        Assert.Equal(8, preset.Cells.Count);
        Assert.Equal([1L, 2L], preset.Seeds);
        Assert.Equal(2, hashes.Count(stage => stage.Name == "fine-tune"));
        Assert.Equal(6, hashes.Count(stage => stage.Name == "prune"));
        Assert.Equal(8, hashes.Count(stage => stage.Name.StartsWith("evaluate", StringComparison.Ordinal)));
    }

    /// <summary>Two workers that take cells in order would otherwise wait for one dense training together.</summary>
    [Fact]
    public void The_quickstart_has_its_dense_cells_first() => Assert.Equal(
        [true, true, false, false, false, false, false, false],
        PaperRecipes.Find("quickstart/shortcut-nli")!.Cells.Select(cell => cell.Recipe.Paradigm is FullModel));
}
