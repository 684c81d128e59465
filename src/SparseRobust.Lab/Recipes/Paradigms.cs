using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>When pruning happens relative to fine-tuning: the paper's settings, each a function from a recipe to its stages.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.1 and 4.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FullModel), "full-model")]
[JsonDerivedType(typeof(AfterFineTuning), "after-fine-tuning")]
[JsonDerivedType(typeof(InIsolation), "in-isolation")]
[JsonDerivedType(typeof(WithoutFineTuning), "without-fine-tuning")]
[JsonDerivedType(typeof(PretrainingOnly), "pretraining-only")]
public abstract record ParadigmSpec
{
    internal abstract IReadOnlyList<StageSpec> Stages(RunRecipe recipe);

    /// <summary>What the paradigm trains and prunes, for whoever asks that of any paradigm.</summary>
    internal abstract ParadigmParts Parts { get; }

    /// <summary>Settings that contradict each other, with their paths in the recipe.</summary>
    /// <param name="trainingRows">Rows of the training set; null while they are not known.</param>
    internal virtual IEnumerable<Fault> Faults(int? trainingRows) => [];

    private protected static FineTuneStage FineTune(RunRecipe recipe, TrainingSpec training) =>
        new() { Setup = recipe.Setup, Training = training, Sources = SourcesFor(recipe, training) };

    private protected static PruneStage Prune(RunRecipe recipe, FineTuneStage? start, PruningSpec pruning, TrainingSpec? training, int? startSteps = null) =>
        new PruneStage { Setup = recipe.Setup, Start = start, StartSteps = startSteps, Pruning = pruning, Training = training, Sources = SourcesFor(recipe, training) }.InLevels();

    private protected static EvaluateStage Evaluate(StageSpec subject) => new() { Setup = subject.Setup, Subject = subject };

    private protected static ObjectiveSources SourcesFor(RunRecipe recipe, TrainingSpec? training) => new()
    {
        Bias = BiasFor(recipe, training),
        Teacher = Reads(training, Needs.TeacherLogProbs) ? new PredictTeacherStage { Setup = recipe.Setup, Teacher = Teacher(recipe) } : null,
    };

    // A teacher has no teacher (RecipeRules), so this never leads back here.
    private static FineTuneStage Teacher(RunRecipe recipe) => new()
    {
        Setup = recipe.Setup,
        Training = recipe.Teacher,
        Sources = new ObjectiveSources { Bias = BiasFor(recipe, recipe.Teacher) },
        OnlyTeaches = recipe.Paradigm.Parts.FineTuning is { } own && own != recipe.Teacher && !Reads(own, Needs.TeacherLogProbs),
    };

    private static FitBiasStage? BiasFor(RunRecipe recipe, TrainingSpec? training) =>
        Reads(training, Needs.BiasLogProbs) ? new FitBiasStage { Setup = recipe.Setup, Bias = recipe.HashedBias } : null;

    private static bool Reads(TrainingSpec? training, Needs needs) => training is not null && training.Objective.Needs.HasFlag(needs);

    private protected static IReadOnlyList<StageSpec> InOrder(params StageSpec[] lastStages)
    {
        var ordered = new List<StageSpec>();
        foreach (var stage in lastStages)
            Add(stage);
        return ordered;

        void Add(StageSpec stage)
        {
            foreach (var input in stage.Inputs)
                Add(input);
            if (!ordered.Contains(stage))
                ordered.Add(stage);
        }
    }
}

/// <summary>What a paradigm trains and prunes.</summary>
/// <param name="FineTuning">The fine-tuning of the dense model; null when there is none.</param>
/// <param name="Pruning">The pruning method; null when nothing is pruned.</param>
/// <param name="PruningTraining">The training the pruning method hooks into; null when there is none.</param>
internal sealed record ParadigmParts(TrainingSpec? FineTuning, PruningSpec? Pruning, TrainingSpec? PruningTraining)
{
    /// <summary>The pre-training; null when there is none.</summary>
    public PretrainingSpec? Pretraining { get; init; }

    /// <summary>The training of the subnetwork that was found, from the starting weights again; null when there is none.</summary>
    public TrainingSpec? Retraining { get; init; }
}

/// <summary>The dense model, fine-tuned: A_L(theta_pt).</summary>
public sealed record FullModel : ParadigmSpec
{
    /// <summary>The fine-tuning.</summary>
    public TrainingSpec FineTuning { get; init; } = new();

    internal override ParadigmParts Parts => new(FineTuning, null, null);

    internal override IReadOnlyList<StageSpec> Stages(RunRecipe recipe) =>
        InOrder(Evaluate(FineTune(recipe, FineTuning)));
}

/// <summary>Paradigm (a): fine-tune, then prune: P^p_L'(A_L(theta_pt)). The dense model is evaluated too.</summary>
public sealed record AfterFineTuning : ParadigmSpec
{
    /// <summary>The fine-tuning.</summary>
    public TrainingSpec FineTuning { get; init; } = new();

    /// <summary>When the search starts: after so many updates of the fine-tuning, with the weights as they are then, P^p_L'(A^t_L(theta_pt)). 0 starts from the weights that the fine-tuning
    /// starts from; every other number must be one of those that keep_every_steps keeps. Null, the default: from the fine-tuning's chosen checkpoint.</summary>
    /// <remarks>Source: Win-win Deal, fig. 7 and 11: 0, 5000, 10000, 15000, 20000 and the end.</remarks>
    [Range(0, 1_000_000_000)]
    public int? StartSteps { get; init; }

    /// <summary>The pruning method.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The training the pruning method hooks into; null prunes without a training step, where the method can.</summary>
    [NeededWhere(nameof(Pruning), nameof(PruningSpec.NeedsTraining))]
    public TrainingSpec? PruningTraining { get; init; }

    internal override ParadigmParts Parts => new(FineTuning, Pruning, PruningTraining);

    internal override IReadOnlyList<StageSpec> Stages(RunRecipe recipe)
    {
        var start = FineTune(recipe, FineTuning);
        // What has no update yet is what paradigm (c) prunes, and shared with it.
        var search = StartSteps == 0 ? Prune(recipe, start: null, Pruning, PruningTraining) : Prune(recipe, start, Pruning, PruningTraining, StartSteps);
        return InOrder(Evaluate(start), Evaluate(search));
    }

    internal override IEnumerable<Fault> Faults(int? trainingRows)
    {
        const string path = "$.paradigm.start_steps";
        if (StartSteps is not > 0)
            yield break;
        if (FineTuning.KeepEverySteps <= 0 || StartSteps % FineTuning.KeepEverySteps != 0)
            yield return new Fault(path, $"{StartSteps} is none of the moments whose weights the fine-tuning keeps: its keep_every_steps is {FineTuning.KeepEverySteps}. Set that to a divisor of start_steps, the same for all starts that are compared.");
        else if (trainingRows is { } rows && FineTuning.StepsFor(rows) is var total && StartSteps > total)
            yield return new Fault(path, $"{StartSteps} is more than the {total} updates of the fine-tuning on {rows} rows. Give fewer, or leave it out to start from the chosen checkpoint.");
    }
}

/// <summary>Paradigm (c): prune the model that was never fine-tuned: P^p_L(theta_pt), its classifier as the seed gives it.</summary>
public sealed record WithoutFineTuning : ParadigmSpec
{
    /// <summary>The pruning method.</summary>
    public required PruningSpec Pruning { get; init; }

    /// <summary>The training the pruning method hooks into; null prunes without a training step, where the method can.</summary>
    [NeededWhere(nameof(Pruning), nameof(PruningSpec.NeedsTraining))]
    public TrainingSpec? PruningTraining { get; init; }

    internal override ParadigmParts Parts => new(null, Pruning, PruningTraining);

    internal override IReadOnlyList<StageSpec> Stages(RunRecipe recipe) =>
        InOrder(Evaluate(Prune(recipe, start: null, Pruning, PruningTraining)));
}

/// <summary>Pre-training on a text: theta_pt, from which other runs start. The task must be a text.</summary>
public sealed record PretrainingOnly : ParadigmSpec
{
    /// <summary>The pre-training.</summary>
    public PretrainingSpec Pretraining { get; init; } = new();

    internal override ParadigmParts Parts => new(null, null, null) { Pretraining = Pretraining };

    internal override IReadOnlyList<StageSpec> Stages(RunRecipe recipe) => [new PretrainStage { Setup = recipe.Setup, Training = Pretraining }];
}
