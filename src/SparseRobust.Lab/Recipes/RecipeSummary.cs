using System.Diagnostics.CodeAnalysis;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Recipes;

/// <summary>A recipe in a few words and one number: the columns by which runs are listed and filtered.</summary>
public sealed record RecipeSummary
{
    /// <summary>Kind of the task, and after a space which one where the kind has several: shortcut-nli, glue rte.</summary>
    public required string Task { get; init; }

    /// <summary>Kind of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Kind of the paradigm.</summary>
    public required string Paradigm { get; init; }

    /// <summary>Kind of the pruning method; null when nothing is pruned.</summary>
    public string? Pruning { get; init; }

    /// <summary>Kind of the objective the dense model is fine-tuned with; null when it is not.</summary>
    public string? FineTuningObjective { get; init; }

    /// <summary>Kind of the objective of the training that pruning hooks into; null when there is none.</summary>
    public string? PruningObjective { get; init; }

    /// <summary>Kind of the objective the subnetwork is fine-tuned with in isolation; null when it is not.</summary>
    public string? RetrainingObjective { get; init; }

    /// <summary>Target share of weights removed, in [0, 1); null when nothing is pruned.</summary>
    public double? Sparsity { get; init; }

    /// <summary>Identity of the first training, seed and data aside: runs that agree in it and in the seed share that stage. Null when nothing is trained.</summary>
    public string? FirstTraining { get; init; }

    /// <summary>The summary of a recipe.</summary>
    public static RecipeSummary Of(RunRecipe recipe)
    {
        var parts = recipe.Paradigm.Parts;
        return new RecipeSummary
        {
            Task = recipe.Task.Member is { } member ? $"{Kind(recipe.Task)} {member}" : Kind(recipe.Task),
            Model = Kind(recipe.Model),
            Paradigm = Kind(recipe.Paradigm),
            Pruning = Kind(parts.Pruning),
            FirstTraining = recipe.Paradigm.Stages(recipe).FirstOrDefault(stage => stage.Work is not null) is { } first ? RecipeHash.Of(first, seed: 0, identities: []) : null,
            FineTuningObjective = Kind(parts.FineTuning?.Objective),
            PruningObjective = Kind(parts.PruningTraining?.Objective),
            RetrainingObjective = Kind(parts.Retraining?.Objective),
            Sparsity = parts.Pruning?.TargetSparsity,
        };
    }

    /// <summary>The word by which the discriminator list of T knows the spec.</summary>
    [return: NotNullIfNotNull(nameof(spec))]
    private static string? Kind<T>(T? spec)
        where T : class =>
        spec is null ? null : (string)LabJson.Options.GetTypeInfo(typeof(T)).PolymorphismOptions!.DerivedTypes.First(derived => derived.DerivedType == spec.GetType()).TypeDiscriminator!;
}
