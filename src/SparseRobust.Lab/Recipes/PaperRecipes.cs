using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>One recipe of a preset.</summary>
/// <param name="Name">For people: "product of experts, mask training 70 %".</param>
/// <param name="Recipe">The science.</param>
public sealed record Cell(string Name, RunRecipe Recipe);

/// <summary>A named experiment: recipes and the seeds they are run with by default.</summary>
/// <param name="Name">For example srnets/small-mnli-hans.</param>
/// <param name="Description">What it shows, and how it differs from the paper.</param>
/// <param name="Source">Paper and section.</param>
/// <param name="Cells">Recipes.</param>
/// <param name="Seeds">Default seeds.</param>
/// <param name="Comparisons">Pairs of cells whose difference over equal seeds the report shows.</param>
public sealed record Preset(string Name, string Description, string Source, IReadOnlyList<Cell> Cells, IReadOnlyList<long> Seeds, IReadOnlyList<Comparison> Comparisons);

/// <summary>Two cells to compare seed by seed.</summary>
/// <param name="Cell">Name of the cell whose gain is asked for.</param>
/// <param name="Against">Name of the cell it is measured against.</param>
public sealed record Comparison(string Cell, string Against);

/// <summary>The named experiments, each a function, so that a variant is a "with".</summary>
public static class PaperRecipes
{
    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } = [QuickstartShortcutNli(), ShortcutNliSeeds(), SmallMnliHans()];

    /// <summary>The preset of that name, or null.</summary>
    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static Preset QuickstartShortcutNli() => new(
        "quickstart/shortcut-nli",
        "A few minutes on two cores, no download: cross-entropy and product of experts, dense and mask-trained at 70 %, on the built-in task.",
        "Win-win Deal, Figures 2 and 3 in miniature; not comparable with the paper",
        [.. Objectives().SelectMany(objective => new[] { Dense(objective, Shortcut()), MaskTrained(objective, 0.7, Shortcut()) })],
        [1],
        [Gain("dense"), Gain("mask training 70 %")]);

    private static Preset ShortcutNliSeeds() => new(
        "srnets/shortcut-nli",
        "Cross-entropy against product of experts on the built-in task, dense and mask-trained at 50 and 70 %, eight seeds.",
        "Win-win Deal, Figures 2 and 3 in miniature; not comparable with the paper",
        Grid(Shortcut()),
        [1, 2, 3, 4, 5, 6, 7, 8],
        GridComparisons);

    private static Preset SmallMnliHans() => new(
        "srnets/small-mnli-hans",
        "The same grid on MNLI and HANS with a small BERT from random weights and the bert-base-uncased vocabulary; not comparable with the paper's BERT-base.",
        "Win-win Deal, Figures 2 and 3, small variant",
        Grid(Mnli()),
        [1, 2],
        GridComparisons);

    private static IReadOnlyList<Cell> Grid(Experiment experiment) =>
        [.. Objectives().SelectMany(objective => new[] { Dense(objective, experiment), MaskTrained(objective, 0.5, experiment), MaskTrained(objective, 0.7, experiment) })];

    private static IReadOnlyList<Comparison> GridComparisons =>
        [Gain("dense"), Gain("mask training 50 %"), Gain("mask training 70 %")];

    private static Comparison Gain(string variant) => new($"product of experts, {variant}", $"cross-entropy, {variant}");

    private static IReadOnlyList<(string Name, ObjectiveSpec Spec)> Objectives() =>
        [("cross-entropy", new CrossEntropySpec()), ("product of experts", new ProductOfExpertsSpec())];

    private static Cell Dense((string Name, ObjectiveSpec Spec) objective, Experiment experiment) => new(
        $"{objective.Name}, dense",
        experiment.Frame with { Paradigm = new FullModel { FineTuning = experiment.FineTuning with { Objective = objective.Spec } } });

    private static Cell MaskTrained((string Name, ObjectiveSpec Spec) objective, double sparsity, Experiment experiment) => new(
        FormattableString.Invariant($"{objective.Name}, mask training {100 * sparsity:0} %"),
        experiment.Frame with
        {
            Paradigm = new AfterFineTuning
            {
                FineTuning = experiment.FineTuning with { Objective = objective.Spec },
                Pruning = new MaskTrainingSpec { Sparsity = sparsity },
                PruningTraining = experiment.MaskTraining with { Objective = objective.Spec },
            },
        });

    private sealed record Experiment(RunRecipe Frame, TrainingSpec FineTuning, TrainingSpec MaskTraining);

    // From prototypes with one or two seeds each: at width 128 weights that start from N(0, 0.06) learned faster than from 0.02.
    private static Experiment Shortcut()
    {
        var training = new TrainingSpec { LearningRate = 7e-4, WarmupSteps = 0.1, WeightDecay = 0.01, NumTrainEpochs = 3, EvalSteps = 625 };
        return new Experiment(
            new RunRecipe { Task = new ShortcutNliTask(), Model = new BertSpec { InitializerRange = 0.06 }, Paradigm = new FullModel() },
            training,
            training with { LearningRate = 1e-3, WeightDecay = 0, NumTrainEpochs = 1, EvalSteps = 125, SelectFrom = 0.7 });
    }

    private static Experiment Mnli()
    {
        var training = new TrainingSpec { LearningRate = 5e-4, WarmupSteps = 0.1, NumTrainEpochs = 3, EvalSteps = 705 };
        return new Experiment(
            new RunRecipe
            {
                Task = new MnliHansTask(),
                Vocabulary = new FileVocabulary { Path = "vocab/bert-base-uncased-vocab.txt" },
                Truncation = Truncation.LongestFirst,
                Paradigm = new FullModel(),
            },
            training,
            training with { LearningRate = 1e-3, NumTrainEpochs = 1, EvalSteps = 176, SelectFrom = 0.7 });
    }
}
