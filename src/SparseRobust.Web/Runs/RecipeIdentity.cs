using SparseRobust.Lab.Recipes;

namespace SparseRobust.Web.Runs;

/// <summary>What a run's row says of its recipe; it takes longer to find out than to store.</summary>
internal sealed record RecipeIdentity(string Hash, string Json, RecipeSummary Summary)
{
    public static RecipeIdentity Of(RunRecipe recipe) => new(RecipeHash.Of(recipe), RecipeHash.CanonicalJson(recipe), RecipeSummary.Of(recipe));
}
