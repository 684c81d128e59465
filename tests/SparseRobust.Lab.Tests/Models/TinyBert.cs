using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Tests.Models;

/// <summary>A model small enough for unit tests: 2 layers, D = 16.</summary>
internal static class TinyBert
{
    public static BertSpec Spec { get; } = new() { NumHiddenLayers = 2, HiddenSize = 16, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 32, InitializerRange = 0.2 };

    public static BertForSequenceClassification Create(long seed = 1, int vocabulary = 24)
    {
        manual_seed(seed);
        return new BertForSequenceClassification(Spec, vocabulary, 3);
    }

    public static float[] Logits(TextClassifier model)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var ids = tensor(new long[] { 2, 5, 6, 3, 7, 3, 2, 9, 3, 10, 11, 3 }, [2, 6]);
        var types = tensor(new long[] { 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1 }, [2, 6]);
        return model.forward(ids, types, ones([2, 6])).data<float>().ToArray();
    }
}
