using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Training;

/// <summary>The dev part of a corpus, always packed and masked in the same way whatever the run's seed, so that models can be compared.</summary>
internal sealed class PretrainingDev(PretrainingInputs inputs)
{
    public const string MlmAccuracy = "mlm_accuracy";

    private const long Purpose = 0x707265646576; // keeps this stream apart from other uses of the same seed
    private const int TokensPerBatch = 8192;

    private readonly (PretrainingExamples Examples, int[] Order) _dev = Pack(inputs);

    /// <summary>Mean losses over masked tokens and over pairs and their sum, accuracy of both tasks; of so many examples in a fixed random order, or of all where there are fewer.</summary>
    /// <remarks>In fp32, dropout off. n is the number of masked tokens for the masked-language task, of pairs for the others.</remarks>
    public IReadOnlyList<Score> Score(int examples, CancellationToken cancellation)
    {
        var (dev, order) = _dev;
        var rows = order.AsMemory(0, Math.Min(examples, order.Length));
        var tally = new Tally();
        var batch = Math.Max(1, TokensPerBatch / inputs.MaxLength);
        var wasTraining = inputs.Model.training;
        inputs.Model.eval();
        using (inference_mode())
        {
            for (var start = 0; start < rows.Length; start += batch)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                tally.Add(inputs.Model, PretrainingBatch.Of(dev, rows.Span.Slice(start, Math.Min(batch, rows.Length - start)), padTo: 0, inputs.Device));
            }
        }
        inputs.Model.train(wasTraining);
        return [.. tally.Values().Select(value => new Score(inputs.CorpusName, "dev", "all", value.Metric, value.Value, value.N, inputs.Corpus.Identity, Sampled: rows.Length < order.Length))];
    }

    private static (PretrainingExamples, int[]) Pack(PretrainingInputs inputs)
    {
        var pass = new PretrainingPass(CorpusPart.Dev, inputs.MaxLength, Seed: 0, Epoch: 0) { DevEvery = inputs.DevEvery };
        var examples = PretrainingExamples.Of(inputs.Corpus, pass, inputs.Spec.Masking);
        return (examples, SplitMix64.From(Purpose).Permutation(examples.Count));
    }

    private sealed class Tally
    {
        private (double Loss, long Right, int N) _mlm;
        private (double Loss, long Right, int N) _nsp;

        public void Add(BertForPreTraining model, PretrainingBatch batch)
        {
            var (tokens_MV, nextSentence_B2) = model.Outputs(batch.Ids_BL, batch.TokenTypes_BL, batch.Mask_BL, batch.MaskedPositions_M);
            Add(ref _mlm, tokens_MV, batch.MaskedLabels_M);
            Add(ref _nsp, nextSentence_B2, batch.NextSentence_B);
        }

        public IEnumerable<(string Metric, double Value, int N)> Values()
        {
            var (mlmLoss, nspLoss) = (_mlm.Loss / _mlm.N, _nsp.Loss / _nsp.N);
            return
            [
                ("loss", mlmLoss + nspLoss, _nsp.N), ("mlm_loss", mlmLoss, _mlm.N), ("nsp_loss", nspLoss, _nsp.N),
                (MlmAccuracy, (double)_mlm.Right / _mlm.N, _mlm.N), ("nsp_accuracy", (double)_nsp.Right / _nsp.N, _nsp.N),
            ];
        }

        private static void Add(ref (double Loss, long Right, int N) sums, Tensor logits, Tensor labels)
        {
            var n = checked((int)labels.numel());
            if (n == 0)
                return;
            var loss = FusedOperators.CrossEntropyWithBias(logits, labels, null).item<float>();
            var right = logits.argmax(1).eq(labels).sum().item<long>();
            sums = (sums.Loss + (double)loss * n, sums.Right + right, sums.N + n);
        }
    }
}
