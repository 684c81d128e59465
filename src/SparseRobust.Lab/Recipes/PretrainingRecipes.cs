using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>Pre-trainings of small models on a text of the user's.</summary>
/// <remarks>Source of the tasks: Devlin et al. (2019). Deviates, as small models on few cores ask for: no dropout, a higher learning rate, smaller batches, fewer and shorter examples.</remarks>
internal static class PretrainingRecipes
{
    public static IReadOnlyList<Preset> All { get; } = [Small()];

    private static Preset Small() => new(
        "pretraining/wikipedia-small",
        "A BERT of 3 layers x 192 from random weights on the English Wikipedia at hand, with a vocabulary of 8,192 learned from it. Hours on two cores: over its first minutes 20,000 to 24,000 tokens a second were measured on two with AVX-512. The learning rate is not tuned.",
        "BERT (Devlin et al. 2019) in miniature; not comparable with the paper's",
        [new Cell("bert 3 x 192", new RunRecipe
        {
            Task = new PretrainingTask { Corpus = PretrainingTask.EnglishWikipedia },
            Model = new BertSpec
            {
                NumHiddenLayers = 3, HiddenSize = 192, NumAttentionHeads = 3, IntermediateSize = 768, MaxPositionEmbeddings = 128, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0,
            },
            Vocabulary = new LearnedVocabulary { AlphabetLimit = 300 },
            Paradigm = new PretrainingOnly
            {
                Pretraining = new PretrainingSpec
                {
                    MaxSteps = 20_000, PerDeviceTrainBatchSize = 128, LearningRate = 1e-3, WarmupSteps = 0.02, ShortSequenceLength = 64, ShortSequenceShare = 0.8, Bf16 = true,
                },
            },
        })],
        [1],
        []);
}
