namespace SparseRobust.Lab.Recipes;

/// <summary>A stage of a recipe and how much work it is.</summary>
/// <param name="Name">Name in events and for people.</param>
/// <param name="TotalSteps">Updates of its training; 0 for a stage that trains nothing.</param>
/// <param name="BatchSize">Rows an update; 0 for a stage that trains nothing.</param>
public sealed record StageOutline(string Name, int TotalSteps, int BatchSize)
{
    /// <summary>The stages of a recipe, in the order in which they run.</summary>
    /// <param name="recipe">Valid.</param>
    /// <param name="trainingRows">Rows of the training set, at least 1.</param>
    public static IReadOnlyList<StageOutline> Of(RunRecipe recipe, int trainingRows) =>
        [.. recipe.Paradigm.Stages(recipe).Select(stage => new StageOutline(stage.Name, stage.StepsFor(trainingRows), stage.Work?.RowsAnUpdate ?? 0))];
}
