using Microsoft.Extensions.Primitives;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;
using SparseRobust.Web.Launch;

namespace SparseRobust.Web.Tests.Launch;

public sealed class NewRunFormTests
{
    private static IEnumerable<Cell> Cells => PaperRecipes.All.SelectMany(preset => preset.Cells);

    public static TheoryData<string> Names => [.. PaperRecipes.All.SelectMany(preset => preset.Cells.Select(cell => $"{preset.Name}#{cell.Name}"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_form_that_shows_a_recipe_asks_for_that_recipe(string name)
    {
        var recipe = PaperRecipes.Find(name.Split('#')[0])!.Cells.Single(cell => cell.Name == name.Split('#')[1]).Recipe;
        var form = NewRunForm.Of(recipe);

        Assert.Equal(RecipeHash.Of(recipe), RecipeHash.Of(Assert.Single(form.Read(fromJson: false).Cells).Recipe));
        Assert.Equal(RecipeHash.Of(recipe), RecipeHash.Of(Assert.Single(form.Read(fromJson: true).Cells).Recipe));
    }

    [Fact]
    public void Posted_texts_become_types()
    {
        var request = Posted(("task.kind", "shortcut-nli"), ("paradigm.kind", "full-model"), ("seeds", "1-2, 5"), ("name", " first "), ("tags", "a, b, a"), ("notes", "why"), ("priority", "-3"), ("rerun", "true"), ("__RequestVerificationToken", "x"), ("_handler", "new-run"), ("action", "launch")).Read(false);

        Assert.Equal([1, 2, 5], request.Seeds);
        Assert.Equal(("first", "why", -3, true), (request.Name, request.Notes, request.Priority, request.Rerun));
        Assert.Equal(["a", "b"], request.Tags);
        Assert.Equal("shortcut-nli", RecipeSummary.Of(request.Cells[0].Recipe).Task);
    }

    [Fact]
    public void Blank_seeds_are_seed_one() => Assert.Equal([1], Posted(("task.kind", "shortcut-nli"), ("paradigm.kind", "full-model"), ("seeds", " ")).Read(false).Seeds);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var form = Posted(("task.kind", "shortcut-nli"), ("task[shortcut-nli].strength", "7"), ("paradigm.kind", "full-model"), ("paradigm[full-model].fine_tuning.learning_rate", "fast"), ("seeds", "x"), ("tags", "<b>"), ("priority", "101"));

        var faults = Assert.Throws<RecipeInvalidException>(() => form.Read(false)).Faults;

        Assert.Equal(["$.paradigm.fine_tuning.learning_rate", "$.priority", "$.seeds", "$.tags", "$.task.strength"], faults.Select(fault => fault.Path).Order());
    }

    [Fact]
    public void Fields_of_kinds_that_were_not_chosen_do_not_count()
    {
        var form = Posted(("task.kind", "shortcut-nli"), ("task[mnli-hans].train_rows", "nonsense"), ("paradigm.kind", "full-model"), ("paradigm[after-fine-tuning].pruning.kind", "magnitude"));

        Assert.Null(RecipeSummary.Of(form.Read(false).Cells[0].Recipe).Pruning);
    }

    [Theory]
    [InlineData("{\"task\":")]
    [InlineData("[]")]
    [InlineData("")]
    public void Broken_JSON_is_one_fault(string json)
    {
        var form = NewRunForm.Of(Cells.First().Recipe) with { Json = json };

        Assert.Equal("$", Assert.Single(Assert.Throws<RecipeInvalidException>(() => form.Read(true)).Faults).Path);
    }

    [Fact]
    public void A_sweep_is_every_combination_of_its_values()
    {
        var form = NewRunForm.Of(MaskTrained) with { Seeds = "1-3", Sweep = [("paradigm.pruning.sparsity", "0.5, 0.9"), ("paradigm.pruning_training.objective.kind", "cross-entropy, product-of-experts"), ("", "")] };

        var request = form.Read(false);

        Assert.Equal(4, request.Cells.Count);
        Assert.Equal([0.5, 0.5, 0.9, 0.9], request.Cells.Select(cell => RecipeSummary.Of(cell.Recipe).Sparsity!.Value));
        Assert.Equal(["paradigm.pruning.sparsity", "paradigm.pruning_training.objective.kind"], request.Grid.Keys);
    }

    [Theory]
    [InlineData("paradigm.pruning.sparsity", "", "$.axis_1_values")]
    [InlineData("paradigm.pruning.sparsity", " , ", "$.axis_1_values")]
    [InlineData("paradigm.pruning.sparsity", "[0.5,", "$.axis_1_values")]
    [InlineData("", "0.5", "$.axis_1_path")]
    [InlineData("paradigm.pruning.sparsity", "2", "$.paradigm.pruning.sparsity")]
    public void A_sweep_that_cannot_be_is_told_by_its_line_or_field(string path, string values, string fault)
    {
        var form = NewRunForm.Of(MaskTrained) with { Sweep = [(path, values)] };

        Assert.Equal(fault, Assert.Single(Assert.Throws<RecipeInvalidException>(() => form.Read(false)).Faults).Path);
    }

    [Fact]
    public void Every_wrong_value_of_a_line_is_told()
    {
        var form = NewRunForm.Of(MaskTrained) with { Sweep = [("paradigm.pruning.sparsity", "2, much, 0.5")] };

        Assert.Equal(["$.paradigm.pruning.sparsity", "$.paradigm.pruning.sparsity"], Assert.Throws<RecipeInvalidException>(() => form.Read(false)).Faults.Select(fault => fault.Path));
    }

    [Fact]
    public void A_field_is_varied_in_one_line_only()
    {
        var form = NewRunForm.Of(MaskTrained) with { Sweep = [("max_length", "64"), ("max_length", "128")] };

        Assert.Equal("$.axis_2_path", Assert.Single(Assert.Throws<RecipeInvalidException>(() => form.Read(false)).Faults).Path);
    }

    [Fact]
    public void More_runs_than_may_be_launched_are_refused()
    {
        var form = NewRunForm.Of(MaskTrained) with { Seeds = "1-6000", Sweep = [("paradigm.pruning.sparsity", "0.5, 0.9")] };

        Assert.Equal("$.seeds", Assert.Single(Assert.Throws<RecipeInvalidException>(() => form.Read(false)).Faults).Path);
    }

    [Fact]
    public void A_fault_leads_to_the_field_of_the_chosen_kinds()
    {
        var form = NewRunForm.Of(MaskTrained);

        Assert.Equal("paradigm[after-fine-tuning].pruning[mask-training].sparsity", FormFields.Find(form, "paradigm.pruning.sparsity")!.Name);
        Assert.Equal("paradigm[after-fine-tuning].pruning_training.objective.kind", FormFields.Find(form, "paradigm.pruning_training.objective.kind")!.Name);
        Assert.Null(FormFields.Find(form, "nothing"));
    }

    private static RunRecipe MaskTrained => Cells.First(cell => RecipeSummary.Of(cell.Recipe).Pruning is not null).Recipe;

    private static NewRunForm Posted(params (string Name, string Text)[] fields) =>
        NewRunForm.Posted(fields.Select(field => KeyValuePair.Create(field.Name, new StringValues(field.Text))));
}
