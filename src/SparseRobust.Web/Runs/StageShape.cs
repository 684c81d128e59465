using SparseRobust.Lab.Recipes;

namespace SparseRobust.Web.Runs;

/// <summary>What the time and the size of a stage depend on: stages of equal shape can be measured by one another.</summary>
/// <param name="Work">"training" for every stage that trains, else the stage's name.</param>
/// <param name="Task">Kind of the task, and which of its tasks: batches are padded to their own longest pair, so other texts take other times.</param>
/// <param name="Model">Kind and sizes of the model.</param>
/// <param name="MaxLength">Longest pair in tokens.</param>
/// <param name="BatchSize">Rows an update; 0 when nothing is trained.</param>
internal sealed record StageShape(string Work, string Task, string Model, int MaxLength, int BatchSize)
{
    public const string Training = "training";

    public bool IsTraining => Work == Training;

    public static StageShape Of(RunRecipe recipe, StageOutline stage) =>
        new(stage.TotalSteps > 0 ? Training : stage.Name, RecipeSummary.Of(recipe).Task, recipe.Model.Shape, recipe.MaxLength, stage.BatchSize);
}

/// <summary>A stage still to do.</summary>
internal sealed record StageWork(string Hash, string Name, int TotalSteps, StageShape Shape);

/// <summary>A finished stage: how long it took for its size, and what it keeps on disk.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Seconds">Wall seconds a step, evaluations and checkpoints included; of the whole stage when it trains nothing.</param>
/// <param name="Bytes">Size of its files.</param>
internal sealed record StageMeasurement(StageShape Shape, double Seconds, long Bytes);
