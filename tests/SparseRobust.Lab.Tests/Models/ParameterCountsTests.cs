using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Tests.Models;

public class ParameterCountsTests
{
    private static readonly BertSpec BertBase = new() { NumHiddenLayers = 12, HiddenSize = 768, NumAttentionHeads = 12, IntermediateSize = 3072, MaxPositionEmbeddings = 512 };
    private static readonly BertSpec BertLarge = new() { NumHiddenLayers = 24, HiddenSize = 1024, NumAttentionHeads = 16, IntermediateSize = 4096, MaxPositionEmbeddings = 512 };
    private static readonly RobertaSpec RobertaBase = new() { NumHiddenLayers = 12, HiddenSize = 768, NumAttentionHeads = 12, IntermediateSize = 3072, MaxPositionEmbeddings = 514 };

    public static TheoryData<TransformerSpec, int, int> Small => new()
    {
        { new BertSpec { NumHiddenLayers = 2, HiddenSize = 12, NumAttentionHeads = 3, IntermediateSize = 20, MaxPositionEmbeddings = 9 }, 31, 3 },
        { new BertSpec { NumHiddenLayers = 1, HiddenSize = 16, NumAttentionHeads = 4, IntermediateSize = 8, MaxPositionEmbeddings = 5, TypeVocabSize = 4 }, 7, 1 },
        { new RobertaSpec { NumHiddenLayers = 2, HiddenSize = 12, NumAttentionHeads = 3, IntermediateSize = 20, MaxPositionEmbeddings = 9 }, 31, 3 },
        { new RobertaSpec { NumHiddenLayers = 3, HiddenSize = 10, NumAttentionHeads = 1, IntermediateSize = 6, MaxPositionEmbeddings = 7, TypeVocabSize = 2 }, 40, 1 },
    };

    public static TheoryData<TransformerSpec, int> Published => new() { { BertBase, 30_522 }, { BertLarge, 30_522 }, { RobertaBase, 50_265 } };

    [Fact]
    public void Bert_base_has_the_published_numbers()
    {
        // Source: methods.md 1.1, with a 2-class head.
        var counts = BertBase.CountParameters(30_522, 2);
        Assert.Equal((109_483_778, 23_837_184, 85_054_464, 590_592, 1_538), (counts.Total, counts.Embeddings, counts.Encoder, counts.Pooler, counts.Head));
        Assert.Equal((84_934_656, 196_800, 4_721_664), (counts.EncoderMatrices, counts.AttentionHead, counts.FeedForward));
        Assert.Equal(0.2177, counts.EmbeddingShare, 4);
        // 768^2 more for the pooler, 2 x 768 for the classifier, 12 x (4 x 768 + 3,072) for biases.
        Assert.Equal((85_524_480, 85_526_016, 85_008_384), (counts.SrNets, counts.SrNetsWithClassifier, counts.Lottery));
    }

    [Fact]
    public void Bert_large_has_the_published_numbers()
    {
        var counts = BertLarge.CountParameters(30_522, 2);
        // 335,141,888 without the head, as published, and 2 x 1,024 + 2.
        Assert.Equal((335_143_938, 31_782_912, 302_309_376, 1_049_600, 2_050), (counts.Total, counts.Embeddings, counts.Encoder, counts.Pooler, counts.Head));
        // 24 x (4 x 1,024 + 4,096) biases.
        Assert.Equal((301_989_888, 303_038_464, 303_040_512, 302_186_496), (counts.EncoderMatrices, counts.SrNets, counts.SrNetsWithClassifier, counts.Lottery));
    }

    [Fact]
    public void Roberta_base_has_the_published_numbers()
    {
        var counts = RobertaBase.CountParameters(50_265, 2);
        // (50,265 + 514 + 1 + 2) x 768 in the tables; 768^2 + 768 + 2 x 768 + 2 in the head.
        Assert.Equal((124_647_170, 39_000_576, 85_054_464, 0, 592_130), (counts.Total, counts.Embeddings, counts.Encoder, counts.Pooler, counts.Head));
        Assert.Equal((84_934_656, 84_934_656, 85_526_016, 85_008_384), (counts.EncoderMatrices, counts.SrNets, counts.SrNetsWithClassifier, counts.Lottery));
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void They_are_those_of_the_model_that_is_built(TransformerSpec spec, int words, int classes) => AssertEqualsBuilt(spec, words, classes);

    /// <summary>Builds up to 335 million weights: 1.4 GB of memory.</summary>
    [LargeTheory]
    [MemberData(nameof(Published))]
    public void They_are_those_of_the_published_models(TransformerSpec spec, int words) => AssertEqualsBuilt(spec, words, classes: 2);

    private static void AssertEqualsBuilt(TransformerSpec spec, int words, int classes)
    {
        using var model = spec.Build(words, classes);
        var counts = spec.CountParameters(words, classes);
        long Of(string start) => model.named_parameters().Where(entry => entry.name.StartsWith(start, StringComparison.Ordinal)).Sum(entry => entry.parameter.numel());
        Assert.Equal((Of(""), Of($"{spec.Prefix}.embeddings."), Of($"{spec.Prefix}.encoder.")), (counts.Total, counts.Embeddings, counts.Encoder));
        Assert.Equal((Of($"{spec.Prefix}.pooler."), Of("classifier.")), (counts.Pooler, counts.Head));
        var prunable = new PrunableModel(model);
        long In(PrunableSet set) => prunable.Entries(set).Sum(entry => entry.Parameter.numel());
        Assert.Equal((In(PrunableSet.SrNets), In(PrunableSet.SrNetsWithClassifier), In(PrunableSet.Lottery), In(PrunableSet.ReweightedProximal)), (counts.SrNets, counts.SrNetsWithClassifier, counts.Lottery, counts.EncoderMatrices));
    }
}
