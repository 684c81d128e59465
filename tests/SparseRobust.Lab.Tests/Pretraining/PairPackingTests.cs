using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Pretraining;

public sealed class PairPackingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The first document is tokens 0-2 and 3-5, the second 6-7. The target is 6: the first document's sentences are gathered together, A is the first of them.
    // Either B is the second, or B is the second document and then the second sentence, put back, is A alone, for which B is the second document again.
    // The second document has one sentence, so its B is of the first, from either of its sentences on, up to 4 tokens: 0-5 is cut to four at its ends, one at a time, 3-5 is whole.
    [Fact]
    public void A_corpus_of_three_sentences_is_packed_as_by_hand()
    {
        using var corpus = CorpusSamples.Of(_folder, "w00 w01 w02\nw03 w04 w05\n\nw06 w07\n");
        var (follows, random, starts) = (0, 0, new HashSet<TokenRun>());
        for (var epoch = 0; epoch < 200; epoch++)
        {
            var pairs = Packed(corpus, Train(maxLength: 9, epoch), shortSeqProb: 0).Pairs;
            if (!pairs[0].IsRandom)
            {
                follows++;
                Assert.Equal(new PackedPair(new TokenRun(0, 3), new TokenRun(3, 3), false, 0), pairs[0]);
            }
            else
            {
                random++;
                Assert.Equal(new PackedPair(new TokenRun(0, 3), new TokenRun(6, 2), true, 0), pairs[0]);
                Assert.Equal(new PackedPair(new TokenRun(3, 3), new TokenRun(6, 2), true, 0), pairs[1]);
            }
            Assert.Equal(pairs[0].IsRandom ? 3 : 2, pairs.Count);
            Assert.Equal((new TokenRun(6, 2), true), (pairs[^1].First, pairs[^1].IsRandom));
            starts.Add(pairs[^1].Second);
        }
        Assert.InRange(random, 60, 140); // 200 draws at 1/2: 100 with a standard deviation of 7
        Assert.Equal(200, follows + random);
        Assert.Equal([new TokenRun(0, 4), new TokenRun(1, 4), new TokenRun(2, 4), new TokenRun(3, 3)], starts.OrderBy(run => run.Start));
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(16, 0.1)]
    [InlineData(40, 0.5)]
    [InlineData(64, 1)]
    public void Pairs_are_those_of_the_reference_written_out_on_lists(int maxLength, double shortSeqProb)
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(60, 4));
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var pass = Train(maxLength, epoch) with { DevEvery = 7 };
            var expected = ReferencePacking.Pack(corpus, pass, shortSeqProb);
            var pairs = Packed(corpus, pass, shortSeqProb).Pairs;
            Assert.Equal(expected.Count, pairs.Count);
            foreach (var (reference, pair) in expected.Zip(pairs))
            {
                Assert.Equal(reference.IsRandom, pair.IsRandom);
                Assert.Equal(reference.First, Numbers(pair.First));
                Assert.Equal(reference.Second, Numbers(pair.Second));
            }
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(1000)]
    public void Every_training_token_is_in_one_pair_as_its_own_text_or_counted_as_lost(int maxLength)
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(150, 5));
        var packing = Packed(corpus, Train(maxLength, epoch: 1), shortSeqProb: 0.1);
        var shown = new int[corpus.Tokens];
        foreach (var pair in packing.Pairs)
            foreach (var token in Numbers(pair.First).Concat(pair.IsRandom ? [] : Numbers(pair.Second)))
                shown[token]++;
        var expected = Train(maxLength, 1).DocumentsOf(corpus).SelectMany(document => Numbers(Document(corpus, document))).ToList();
        Assert.Equal(packing.TextTokens, expected.Count);
        Assert.InRange(shown.Max(), 1, 1);
        Assert.Equal(packing.LostTokens, expected.Count(token => shown[token] == 0));
        Assert.Equal(expected.Count - packing.LostTokens, shown.Sum());
        Assert.Equal(maxLength < 1000, packing.LostTokens > 0 && packing.LostTokens < expected.Count);
    }

    [Fact]
    public void Second_segments_follow_or_are_of_another_document_of_the_part()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(150, 6));
        foreach (var part in new[] { CorpusPart.Train, CorpusPart.Dev })
        {
            var pass = new PretrainingPass(part, MaxLength: 48, Seed: 3, Epoch: 0) { DevEvery = 10 };
            var own = pass.DocumentsOf(corpus).ToHashSet();
            foreach (var pair in Packed(corpus, pass, shortSeqProb: 0.1).Pairs)
            {
                var (first, second) = (DocumentOf(corpus, pair.First), DocumentOf(corpus, pair.Second));
                Assert.Equal(pair.IsRandom, first != second);
                Assert.Contains(first, own);
                Assert.Contains(second, own);
                Assert.InRange(pair.First.Length + pair.Second.Length, 2, 45);
                Assert.True(pair.First.Length > 0 && pair.Second.Length > 0);
                Assert.True(pair.IsRandom || pair.CutTokens > 0 || pair.First.End == pair.Second.Start);
            }
        }
    }

    [Fact]
    public void Where_there_is_a_choice_half_of_the_second_segments_are_random()
    {
        using var corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(2_000, 7));
        var packing = Packed(corpus, Train(maxLength: 40, epoch: 0), shortSeqProb: 0.1);
        var free = packing.Pairs.Count - packing.SingleSentences;
        var deviation = Math.Sqrt(free) / 2;
        Assert.InRange(free, 4_000, int.MaxValue);
        Assert.InRange(packing.RandomPairs - packing.SingleSentences, free / 2.0 - 4 * deviation, free / 2.0 + 4 * deviation);
        Assert.Equal(packing.Pairs.Count(pair => pair.IsRandom), packing.RandomPairs);
    }

    // Documents of 200 sentences of one token at 53: a document's pairs reach 50 tokens, or are all of its own shorter length; the last may be shorter.
    [Fact]
    public void A_share_of_the_documents_has_one_shorter_target_for_all_its_pairs()
    {
        using var corpus = CorpusSamples.Of(_folder, string.Join("\n\n", Enumerable.Repeat(string.Join('\n', Enumerable.Repeat("w01", 200)), 400)));
        var packing = Packed(corpus, Train(maxLength: 53, epoch: 0), shortSeqProb: 0.25);
        var targets = packing.Pairs.GroupBy(pair => pair.First.Start / 200).Select(document => document.Where(pair => !pair.IsRandom).Select(pair => pair.First.Length + pair.Second.Length).DefaultIfEmpty(50).Max()).ToList();
        Assert.InRange(targets.Count(target => target < 50), 65, 135); // 396 documents x 0.25 x 48/49: 97 with a standard deviation of 8.6
        Assert.InRange(targets.Min(), 2, 8);
        Assert.All(packing.Pairs.Where(pair => !pair.IsRandom && pair.Second.End % 200 != 0), pair => Assert.Equal(targets[PlaceOf(pair)], pair.First.Length + pair.Second.Length));

        // Document 99, 199 and so on are for dev.
        static int PlaceOf(PackedPair pair) => (int)(pair.First.Start / 200 - pair.First.Start / 200 / 100);
    }

    private static PretrainingPass Train(int maxLength, int epoch) => new(CorpusPart.Train, maxLength, Seed: 11, epoch);

    private static PairPacking Packed(CorpusTokens corpus, PretrainingPass pass, double shortSeqProb)
    {
        var packing = new PairPacking(corpus, pass, shortSeqProb);
        packing.PackAll();
        return packing;
    }

    private static IEnumerable<long> Numbers(TokenRun run) => Enumerable.Range(0, run.Length).Select(offset => run.Start + offset);

    private static TokenRun Document(CorpusTokens corpus, int document)
    {
        var start = corpus.SentenceStarts[(int)corpus.DocumentStarts[document]];
        return new TokenRun(start, (int)(corpus.SentenceStarts[(int)corpus.DocumentStarts[document + 1]] - start));
    }

    private static int DocumentOf(CorpusTokens corpus, TokenRun run)
    {
        var document = CorpusSamples.DocumentOf(corpus, run.Start);
        Assert.Equal(document, CorpusSamples.DocumentOf(corpus, run.End - 1));
        return document;
    }
}
