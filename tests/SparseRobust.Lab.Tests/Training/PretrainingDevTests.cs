using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Pretraining;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

public sealed class PretrainingDevTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A model without weights says for every masked token the one word with a bias, with log-odds of 2, and for every pair that B follows, with odds of 1 : 1.</summary>
    [Fact]
    public void Losses_and_accuracies_are_those_of_a_model_that_always_says_the_same()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(40, seed: 2));
        using var model = new BertForPreTraining(new BertSpec { HiddenSize = 8, IntermediateSize = 8, MaxPositionEmbeddings = 24 }, CorpusSamples.Vocabulary.Count);
        const int said = CorpusSamples.FirstPiece;
        SayOneWord(model, said);
        var inputs = new PretrainingInputs { Spec = new PretrainingSpec(), Model = model, Corpus = corpus, CorpusName = "small", MaxLength = 24, DevEvery = 2, Seed = 9, Device = CPU };
        var scores = new PretrainingDev(inputs).Score(int.MaxValue, CancellationToken.None).ToDictionary(score => score.Metric);

        var dev = PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Dev, 24, Seed: 0, Epoch: 0) { DevEvery = 2 }, new MaskingSpec());
        using var batch = NewDisposeScope();
        var all = PretrainingBatch.Of(dev, [.. Enumerable.Range(0, dev.Count)], padTo: 0, CPU);
        var (labels, pairs) = (all.MaskedLabels_M.data<long>().ToArray(), all.NextSentence_B.data<long>().ToArray());
        var hits = labels.Count(label => label == said);
        var normaliser = Math.Log(Math.Exp(2) + CorpusSamples.Vocabulary.Count - 1);
        Assert.True(hits > 0);
        Assert.Equal(hits / (double)labels.Length, scores["mlm_accuracy"].Value, 1e-12);
        Assert.Equal(normaliser - 2.0 * hits / labels.Length, scores["mlm_loss"].Value, 1e-5);
        Assert.Equal(pairs.Count(pair => pair == 0) / (double)pairs.Length, scores["nsp_accuracy"].Value, 1e-12);
        Assert.Equal(Math.Log(2), scores["nsp_loss"].Value, 1e-6);
        Assert.Equal((labels.Length, pairs.Length), (scores["mlm_accuracy"].N, scores["nsp_accuracy"].N));
    }

    [Fact]
    public void A_sample_is_the_same_for_every_seed_of_a_run()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(40, seed: 2));
        using var model = new BertForPreTraining(new BertSpec { HiddenSize = 8, IntermediateSize = 8, MaxPositionEmbeddings = 24 }, CorpusSamples.Vocabulary.Count);
        PretrainingInputs Of(long seed) => new() { Spec = new PretrainingSpec(), Model = model, Corpus = corpus, CorpusName = "small", MaxLength = 24, DevEvery = 2, Seed = seed, Device = CPU };
        var (one, other) = (new PretrainingDev(Of(1)).Score(10, CancellationToken.None), new PretrainingDev(Of(2)).Score(10, CancellationToken.None));
        Assert.Equal(one, other);
        Assert.All(one, score => Assert.True(score.Sampled));
        Assert.Equal(10, one.Single(score => score.Metric == "nsp_accuracy").N);
    }

    private static void SayOneWord(BertForPreTraining model, int word)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.zero_();
            if (name == "cls.predictions.bias")
                parameter[word].fill_(2f);
        }
    }
}
