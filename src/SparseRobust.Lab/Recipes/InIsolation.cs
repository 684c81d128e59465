using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>Which weights a mask is searched on.</summary>
public enum SearchStart
{
    /// <summary>The fine-tuned model: m = M(P(A_L(theta_pt))).</summary>
    FineTuned,

    /// <summary>The weights that fine-tunings start from, pre-trained or random: m = M(P(theta_pt)).</summary>
    Pretrained,
}

/// <summary>Paradigm (b): fine-tune in isolation: a mask m is found, the weights go back to those that fine-tunings start from, and the subnetwork alone is fine-tuned: A_L(m * theta_pt).
/// The classifier is the seed's again, and dense. The searched model is evaluated too, and so is the dense one where there is one.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.1 and 4, fig. 4. The search shares its stages with paradigms (a) and (c). A pruning method that trains weights gives no more than its mask.</remarks>
public sealed record InIsolation : ParadigmSpec
{
    /// <summary>Which weights the mask is searched on.</summary>
    public SearchStart SearchFrom { get; init; } = SearchStart.FineTuned;

    /// <summary>The fine-tuning before the search; to be left out where the search starts from the pretrained weights.</summary>
    public TrainingSpec FineTuning { get; init; } = new();

    /// <summary>The pruning method that finds the mask.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The training the pruning method hooks into; null prunes without a training step, where the method can.</summary>
    [NeededWhere(nameof(Pruning), nameof(PruningSpec.NeedsTraining))]
    public TrainingSpec? PruningTraining { get; init; }

    /// <summary>The fine-tuning of the subnetwork; the paper's has the settings of the full model's.</summary>
    public TrainingSpec Retraining { get; init; } = new();

    internal override ParadigmParts Parts => new(IsFineTuned ? FineTuning : null, Pruning, PruningTraining) { Retraining = Retraining };

    private bool IsFineTuned => SearchFrom == SearchStart.FineTuned;

    internal override IReadOnlyList<StageSpec> Stages(RunRecipe recipe)
    {
        var start = IsFineTuned ? FineTune(recipe, FineTuning) : null;
        var search = Prune(recipe, start, Pruning, PruningTraining);
        var retrain = new RetrainStage { Setup = recipe.Setup, Search = search, Training = Retraining, Sources = SourcesFor(recipe, Retraining) };
        return InOrder([.. start is null ? Array.Empty<StageSpec>() : [Evaluate(start)], Evaluate(search), Evaluate(retrain)]);
    }

    internal override IEnumerable<Fault> Faults(int? trainingRows)
    {
        if (!IsFineTuned && FineTuning != new TrainingSpec())
            yield return new Fault("$.paradigm.fine_tuning", "is not used: search_from says that the mask is searched on the weights that fine-tunings start from. Leave it out, or set search_from to \"fine_tuned\".");
    }
}
