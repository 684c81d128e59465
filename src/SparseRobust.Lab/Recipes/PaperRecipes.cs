using SparseRobust.Lab.Bias;
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
/// <remarks>The papers' scripts pad every batch to 128 tokens. These pad to the longest row: it is the same method, sooner done (<see cref="Padding"/>), and dropout's
/// draws could not be the papers' in any case. None groups rows by length, which the papers do not do and which changes what a batch is.</remarks>
public static class PaperRecipes
{
    private static readonly double[] Sparsities = [0.5, 0.7];

    private static readonly ObjectiveSpec CrossEntropy = new CrossEntropySpec();

    private static readonly ObjectiveSpec ProductOfExperts = new ProductOfExpertsSpec();

    // Below the fields it reads: a static class initialises in the order of its text.
    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } = [QuickstartShortcutNli(), ShortcutNliSeeds(), SmallMnliHans(), SmallQqpPaws(), SmallFeverSymmetric(), .. GlueBaselineRecipes.All, .. PretrainingRecipes.All];

    /// <summary>The preset of that name, or null.</summary>
    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static Preset QuickstartShortcutNli()
    {
        var quick = QuickShortcut();
        return new Preset(
            "quickstart/shortcut-nli",
            "A few minutes on two cores, no download: a small BERT on the built-in task, dense and with masks at 50 and 70 %, cross-entropy against product of experts in the masks alone and throughout. Settings were tuned on seeds 3 and 4.",
            "Win-win Deal, Figures 2 and 3 in miniature; not comparable with the paper",
            [
                // Both dense cells first: every mask waits for one of them, so two workers never wait for each other.
                Dense("cross-entropy, dense", CrossEntropy, quick),
                Dense("product of experts throughout, dense", ProductOfExperts, quick),
                .. QuickMasks("cross-entropy fine-tuning, cross-entropy", CrossEntropy, CrossEntropy, quick),
                .. QuickMasks("cross-entropy fine-tuning, product-of-experts", CrossEntropy, ProductOfExperts, quick),
                .. QuickMasks("product of experts throughout,", ProductOfExperts, ProductOfExperts, quick),
            ],
            [1, 2],
            [
                new Comparison("product of experts throughout, dense", "cross-entropy, dense"),
                .. QuickGains("cross-entropy fine-tuning, product-of-experts"),
                .. QuickGains("product of experts throughout,"),
            ]);
    }

    private static IEnumerable<Cell> QuickMasks(string name, ObjectiveSpec fineTuning, ObjectiveSpec masks, Experiment experiment) =>
        Sparsities.Select(sparsity => MaskTrained($"{name} masks {Percent(sparsity)}", (fineTuning, masks), sparsity, experiment));

    private static IEnumerable<Comparison> QuickGains(string name) =>
        Sparsities.Select(sparsity => new Comparison($"{name} masks {Percent(sparsity)}", $"cross-entropy fine-tuning, cross-entropy masks {Percent(sparsity)}"));

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

    private static Preset SmallQqpPaws() => new(
        "srnets/small-qqp-paws",
        "The same grid on QQP and PAWS with a small BERT from random weights and the bert-base-uncased vocabulary; not comparable with the paper's BERT-base.",
        "Win-win Deal, Figures 2 and 3, small variant",
        Grid(Qqp()),
        [1, 2],
        GridComparisons);

    private static Preset SmallFeverSymmetric() => new(
        "srnets/small-fever-symmetric",
        "The same grid on FEVER and FEVER-Symmetric with a small BERT from random weights and the bert-base-uncased vocabulary, the bias model seeing the claim's words alone; not comparable with the paper's BERT-base.",
        "Win-win Deal, Figures 2 and 3, small variant",
        Grid(FeverSymmetric()),
        [1, 2],
        GridComparisons);

    private static IReadOnlyList<Cell> Grid(Experiment experiment) =>
        [.. GridOf("cross-entropy", CrossEntropy, experiment), .. GridOf("product of experts", ProductOfExperts, experiment)];

    private static IEnumerable<Cell> GridOf(string name, ObjectiveSpec objective, Experiment experiment) =>
        Sparsities.Select(sparsity => MaskTrained($"{name}, mask training {Percent(sparsity)}", (objective, objective), sparsity, experiment))
            .Prepend(Dense($"{name}, dense", objective, experiment));

    private static IReadOnlyList<Comparison> GridComparisons =>
        [Gain("dense"), .. Sparsities.Select(sparsity => Gain($"mask training {Percent(sparsity)}"))];

    private static Comparison Gain(string variant) => new($"product of experts, {variant}", $"cross-entropy, {variant}");

    private static Cell Dense(string name, ObjectiveSpec objective, Experiment experiment) =>
        new(name, experiment.Frame with { Paradigm = new FullModel { FineTuning = experiment.FineTuning with { Objective = objective } } });

    private static Cell MaskTrained(string name, (ObjectiveSpec FineTuning, ObjectiveSpec Masks) objectives, double sparsity, Experiment experiment) => new(
        name,
        experiment.Frame with
        {
            Paradigm = new AfterFineTuning
            {
                FineTuning = experiment.FineTuning with { Objective = objectives.FineTuning },
                Pruning = new MaskTrainingSpec { Sparsity = sparsity },
                PruningTraining = experiment.MaskTraining with { Objective = objectives.Masks },
            },
        });

    private static string Percent(double share) => FormattableString.Invariant($"{100 * share:0} %");

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

    // Tuned on seeds 3 and 4 with out-of-distribution accuracy in view; seeds 1 and 2 were not looked at before. Width 64 takes 13 ms a step and thread where
    // 128 takes 32, and learns the task as well. Dense product of experts stayed at 77 % out of distribution with 3e-3 and reached 80 to 85 % with 1e-3 to 2e-3.
    private static Experiment QuickShortcut()
    {
        var training = new TrainingSpec { LearningRate = 1.3e-3, WarmupSteps = 0.1, WeightDecay = 0.01, NumTrainEpochs = 2, EvalSteps = 250, OutOfDistributionSampleRows = 600 };
        var model = new BertSpec { HiddenSize = 64, IntermediateSize = 256, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0, InitializerRange = 0.06 };
        return new Experiment(
            new RunRecipe { Task = new ShortcutNliTask(), Model = model, Paradigm = new FullModel() },
            training,
            training with { LearningRate = 2e-3, WeightDecay = 0, NumTrainEpochs = 1, SelectFrom = 0.7 });
    }

    private static Experiment Mnli() => SmallBert(new MnliHansTask(), stepsAnEpoch: 705);

    private static Experiment Qqp() => SmallBert(new QqpPawsTask(), stepsAnEpoch: 1008);

    private static Experiment FeverSymmetric()
    {
        var (frame, fineTuning, maskTraining) = SmallBert(new FeverSymmetricTask(), stepsAnEpoch: 368);
        return new Experiment(frame with { Bias = new ClaimOnlyBiasSpec() }, fineTuning, maskTraining);
    }

    // Evaluated after each epoch of the rows that were at hand (22,560 of MNLI, 32,256 of QQP, 11,754 of FEVER), masks four times in theirs.
    private static Experiment SmallBert(TaskSpec task, int stepsAnEpoch)
    {
        var training = new TrainingSpec { LearningRate = 5e-4, WarmupSteps = 0.1, NumTrainEpochs = 3, EvalSteps = stepsAnEpoch };
        return new Experiment(
            new RunRecipe
            {
                Task = task,
                Vocabulary = new FileVocabulary { Path = FileVocabulary.BertBaseUncased },
                Truncation = Truncation.LongestFirst,
                Paradigm = new FullModel(),
            },
            training,
            training with { LearningRate = 1e-3, NumTrainEpochs = 1, EvalSteps = stepsAnEpoch / 4, SelectFrom = 0.7 });
    }
}
