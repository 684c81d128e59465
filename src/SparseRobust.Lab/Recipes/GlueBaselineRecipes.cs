using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>The simple baselines of the lottery paper on GLUE, small: CBOW and BiLSTM beside a small BERT, each from random weights.</summary>
/// <remarks>Source: "When BERT Plays the Lottery", Table 2 and sec. 3; Wang et al. (2018) for the baselines. As there: 3 epochs, batches of 32, 128 tokens, the final weights (no
/// checkpoint is chosen on the dev set, which is also what is reported). Deviates: no pretrained weights or vectors, rates for training from random weights, at most 10,000 training rows.</remarks>
internal static class GlueBaselineRecipes
{
    private const int MostTrainRows = 10_000;

    // QNLI's training set is often not at hand, and one missing file ends a preset: it has one of its own.
    public static IReadOnlyList<Preset> All { get; } =
    [
        Small("lottery/glue-baselines-small", "eight of GLUE's tasks, all but QNLI", Enum.GetValues<GlueName>().Where(name => name != GlueName.Qnli)),
        Small("lottery/qnli-baselines-small", "GLUE's QNLI", [GlueName.Qnli]),
    ];

    private static (string Name, ModelSpec Model, double LearningRate)[] Models =>
        [("BERT 2 x 128", new BertSpec(), 5e-4), ("CBOW", new CbowSpec(), 1e-3), ("BiLSTM", new BiLstmSpec(), 1e-3)];

    private static Preset Small(string name, string tasks, IEnumerable<GlueName> names) => new(
        name,
        $"Small models from random weights on {tasks}, at most {MostTrainRows} training rows, one seed: BERT 2 x 128, CBOW and BiLSTM over trained embeddings. Ours; not comparable with the paper's BERT-base or its GloVe and ELMo rows.",
        "When BERT Plays the Lottery, Table 2 (simple baselines), small variant",
        [.. names.SelectMany(Cells)],
        [1],
        [.. names.SelectMany(task => Models.Skip(1).Select(model => new Comparison(NameOf(task, model.Name), NameOf(task, Models[0].Name))))]);

    private static IEnumerable<Cell> Cells(GlueName task) => Models.Select(model => new Cell(NameOf(task, model.Name), new RunRecipe
    {
        Task = new GlueTask { Name = task, TrainRows = MostTrainRows },
        Model = model.Model,
        Vocabulary = new FileVocabulary { Path = FileVocabulary.BertBaseUncased },
        Truncation = Truncation.LongestFirst,
        Paradigm = new FullModel
        {
            FineTuning = new TrainingSpec
            {
                Objective = task == GlueName.Stsb ? new MeanSquaredErrorSpec() : new CrossEntropySpec(),
                LearningRate = model.LearningRate,
                WarmupSteps = 0.1,
                SelectFrom = 1,
            },
        },
    }));

    private static string NameOf(GlueName task, string model) => $"{new GlueTask { Name = task }.Title}, {model}";
}
