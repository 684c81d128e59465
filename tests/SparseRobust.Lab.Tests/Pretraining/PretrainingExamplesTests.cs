using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Pretraining;

public sealed class PretrainingExamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_example_is_CLS_A_SEP_B_SEP_of_the_text()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(50, 8));
        var text = CorpusSamples.Ids(corpus);
        var examples = Examples(corpus, epoch: 0);
        for (var i = 0; i < examples.Count; i++)
        {
            var pair = examples.Pair(i);
            long[] expected = [2, .. Part(text, pair.First), 3, .. Part(text, pair.Second), 3];
            Assert.Equal(expected, Ids(examples, i));
            Assert.Equal(new TokenRow(expected.Length, pair.First.Length + 2, pair.CutTokens), examples[i]);
            Assert.InRange(expected.Length, 5, 32);
        }
    }

    [Fact]
    public void What_is_not_masked_is_the_text_and_labels_are_what_was_masked()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(50, 9));
        foreach (var wholeWords in new[] { false, true })
        {
            var examples = Examples(corpus, epoch: 2, new MaskingSpec { WholeWordMask = wholeWords });
            var rows = Enumerable.Range(0, examples.Count).Reverse().ToArray();
            var masked = new MaskedRows(examples, rows);
            var positions = masked.FlatPositions(32);
            Assert.Equal(masked.Labels.Count, positions.Length);
            var restored = 0;
            for (var b = 0; b < rows.Length; b++)
            {
                var ids = Ids(masked, b);
                for (var i = 0; i < positions.Length; i++)
                    if (positions[i] / 32 == b)
                    {
                        ids[positions[i] % 32] = masked.Labels[i];
                        restored++;
                    }
                Assert.Equal(Ids(examples, rows[b]), ids);
            }
            Assert.Equal(positions.Length, restored);
        }
    }

    [Fact]
    public void Seed_and_epoch_fix_everything_whatever_rows_are_read_together()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(50, 10));
        var (examples, again) = (Examples(corpus, epoch: 1), Examples(corpus, epoch: 1));
        Assert.Equal(Pairs(examples), Pairs(again));
        var all = new MaskedRows(examples, [.. Enumerable.Range(0, examples.Count)]);
        for (var i = 0; i < examples.Count; i++)
            Assert.Equal(Ids(all, i), Ids(new MaskedRows(again, [i]), 0));
    }

    [Fact]
    public void Another_seed_or_epoch_packs_and_masks_anew()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(50, 11));
        var pass = new PretrainingPass(CorpusPart.Train, MaxLength: 32, Seed: 5, Epoch: 0);
        var examples = PretrainingExamples.Of(corpus, pass, new MaskingSpec());
        foreach (var other in new[] { pass with { Epoch = 1 }, pass with { Seed = 6 } })
            Assert.NotEqual(Pairs(examples), Pairs(PretrainingExamples.Of(corpus, other, new MaskingSpec())));

        // Two documents of one sentence are packed in one way only; their masks still differ.
        using var folder = new TemporaryFolder();
        using var tiny = CorpusSamples.Of(folder, "w00 w01 w02 w03 w04 w05 w06 w07 w08 w09\n\nw10 w11 w12 w13 w14 w15 w16 w17 w18 w19");
        Assert.InRange(Enumerable.Range(0, 20).Select(epoch => string.Join(',', Ids(new MaskedRows(Examples(tiny, epoch), [0]), 0))).Distinct().Count(), 15, 20);
        Assert.Single(Enumerable.Range(0, 20).Select(epoch => Examples(tiny, epoch).Pair(0)).Distinct());
    }

    [Fact]
    public void Dev_documents_are_every_hundredth_and_are_never_trained_on()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(300, 12));
        var train = Examples(corpus, epoch: 0);
        var dev = PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Dev, MaxLength: 32, Seed: 1, Epoch: 0), new MaskingSpec());
        Assert.Equal([99, 199, 299], DocumentsIn(corpus, dev));
        Assert.Equal(Enumerable.Range(0, 300).Where(document => document % 100 != 99), DocumentsIn(corpus, train));
        Assert.Equal((297, 3), (train.Documents, dev.Documents));
        Assert.Equal(corpus.Tokens, train.TextTokens + dev.TextTokens);
    }

    [Theory]
    [InlineData(199, "The dev part of the corpus has 1 of its 199 documents, every 100th")]
    [InlineData(50, "The dev part of the corpus has 0 of its 50 documents")]
    public void A_dev_part_of_fewer_than_two_documents_is_refused(int documents, string why)
    {
        using var corpus = CorpusSamples.Of(_folder, string.Join("\n\n", Enumerable.Repeat("w01 w02", documents)));
        var refusal = Assert.Throws<LabException>(() => PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Dev, 32, 1, 0), new MaskingSpec()));
        Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_counts_what_is_there()
    {
        using var corpus = CorpusSamples.Of(_folder, "w00 w01ab nothing\nw02\n\nw03c w04\n");
        var report = CorpusReport.Of(corpus, maxLength: 32);
        Assert.Equal((2, 3, 9L, 6L, 1L, 0, 2), (report.Documents, report.Sentences, report.Tokens, report.Words, report.UnknownTokens, report.BrokenLines, report.TrainDocuments));
        var examples = PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Train, 32, 0, 0), new MaskingSpec());
        Assert.Equal((examples.Count, examples.Sum(row => (long)row.Length), examples.RandomPairs, 9L), (report.Examples, report.ExampleTokens, report.RandomPairs, report.TrainTokens));
    }

    private static PretrainingExamples Examples(CorpusTokens corpus, int epoch, MaskingSpec? masking = null) =>
        PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Train, MaxLength: 32, Seed: 1, epoch), masking ?? new MaskingSpec());

    private static IEnumerable<PackedPair> Pairs(PretrainingExamples examples) => Enumerable.Range(0, examples.Count).Select(examples.Pair);

    private static IEnumerable<int> DocumentsIn(CorpusTokens corpus, PretrainingExamples examples) =>
        Pairs(examples).SelectMany(pair => new[] { pair.First, pair.Second }).Select(run => CorpusSamples.DocumentOf(corpus, run.Start)).Distinct().Order();

    private static long[] Ids(TokenRows rows, int row)
    {
        var ids = new long[rows[row].Length];
        rows.CopyIds(row, ids);
        return ids;
    }

    private static IEnumerable<long> Part(long[] text, TokenRun run) => text.Skip((int)run.Start).Take(run.Length);
}
