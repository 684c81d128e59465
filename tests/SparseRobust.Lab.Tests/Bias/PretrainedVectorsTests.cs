using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Tests.Stages;

namespace SparseRobust.Lab.Tests.Bias;

/// <summary>The word vectors that a recipe has by default: those of the model it starts from.</summary>
public sealed class PretrainedVectorsTests : IDisposable
{
    private static readonly FullModel Debiased = new() { FineTuning = TinyRuns.Training(new ProductOfExpertsSpec()) };

    private readonly TinyPretrained _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_recipe_from_a_pre_trained_model_has_its_word_embeddings()
    {
        var own = Fit(TinyPretrained.Recipe(Debiased));
        Assert.Equal(new VectorsUse("pretrained", PretrainedModel.Open(_model.Folder).Sha256, 16, 1), own.Vectors);
        Assert.Equal(7, own.Features.Count);
        var named = Fit(TinyPretrained.Recipe(Debiased) with { Bias = new OverlapBiasSpec { Vectors = new EmbeddingVectors { Path = _model.Folder } } });
        Assert.Equal(own.Coefficients, named.Coefficients);
        Assert.Equal((own.Vectors!.Sha256, "embeddings"), (named.Vectors!.Sha256, named.Vectors.Kind));
    }

    [Fact]
    public void Random_weights_have_none_and_neither_has_a_recipe_that_says_so()
    {
        var without = TinyPretrained.Recipe(Debiased) with { Bias = new OverlapBiasSpec { Vectors = new NoWordVectors() } };
        Assert.Null(Fit(TinyRuns.Recipe(Debiased)).Vectors);
        Assert.Null(Fit(without).Vectors);
        Assert.Equal(Fit(TinyRuns.Recipe(Debiased)).Coefficients, Fit(without).Coefficients);
    }

    [Fact]
    public void The_stage_fits_what_the_report_shows()
    {
        var result = TinyRuns.Run(_model.Root, TinyPretrained.Recipe(Debiased));
        var report = File.ReadAllText(Path.Combine(_model.OutputOf(result, "fit-bias"), "bias_report.json"));
        Assert.Contains("\"kind\": \"pretrained\"", report, StringComparison.Ordinal);
        Assert.Contains(PretrainedModel.Open(_model.Folder).Sha256, report, StringComparison.Ordinal);
    }

    [Fact]
    public void To_say_none_is_another_recipe_only_beside_a_pre_trained_model()
    {
        var none = new OverlapBiasSpec { Vectors = new NoWordVectors() };
        Assert.Equal(RecipeHash.Of(TinyRuns.Recipe(Debiased)), RecipeHash.Of(TinyRuns.Recipe(Debiased) with { Bias = none }));
        Assert.Equal(RecipeHash.CanonicalJson(TinyRuns.Recipe(Debiased)), RecipeHash.CanonicalJson(TinyRuns.Recipe(Debiased) with { Bias = none }));
        Assert.Equal(Hashes(TinyRuns.Recipe(Debiased)), Hashes(TinyRuns.Recipe(Debiased) with { Bias = none }));
        Assert.NotEqual(RecipeHash.Of(TinyPretrained.Recipe(Debiased)), RecipeHash.Of(TinyPretrained.Recipe(Debiased) with { Bias = none }));
        Assert.NotEqual(Hashes(TinyPretrained.Recipe(Debiased)), Hashes(TinyPretrained.Recipe(Debiased) with { Bias = none }));
    }

    [Fact]
    public void A_claim_only_model_weighs_its_data_by_the_features_it_has() =>
        Assert.Equal((100.0, 0.1, 3.0), (new ClaimOnlyBiasSpec().WeightOf(hasVectors: true), new ClaimOnlyBiasSpec().WeightOf(hasVectors: false), new ClaimOnlyBiasSpec { C = 3 }.WeightOf(hasVectors: false)));

    private OverlapFit Fit(RunRecipe recipe)
    {
        using var laboratory = new Laboratory(new LaboratoryOptions(_model.Root, new DatasetFolders([])), TimeProvider.System);
        return (OverlapFit)laboratory.ScoreBias(recipe, CancellationToken.None).Fit;
    }

    private static List<string> Hashes(RunRecipe recipe) => [.. recipe.Paradigm.Stages(recipe).Select(stage => RecipeHash.Of(stage, seed: 1, identities: []))];
}
