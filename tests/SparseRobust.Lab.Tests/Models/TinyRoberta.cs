using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Tests.Models;

/// <summary>A RoBERTa small enough for unit tests: 2 layers, D = 16, up to 30 tokens.</summary>
internal static class TinyRoberta
{
    public static RobertaSpec Spec { get; } = new() { NumHiddenLayers = 2, HiddenSize = 16, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 32, InitializerRange = 0.2 };

    public static RobertaForSequenceClassification Create(long seed = 1, int classes = 3)
    {
        manual_seed(seed);
        return new RobertaForSequenceClassification(Spec, 24, classes);
    }
}
