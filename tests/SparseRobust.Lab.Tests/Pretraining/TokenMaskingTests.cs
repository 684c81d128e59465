using System.Text.Json;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Pretraining;

public class TokenMaskingTests
{
    private const int Cls = 2, Sep = 3, Mask = 4;

    private static readonly JsonSerializerOptions OneLine = new(LabJson.Options) { WriteIndented = false };

    [Fact]
    public void The_spec_reads_and_writes_the_names_of_BERT()
    {
        Assert.Equal("""{"mlm_probability":0.15,"whole_word_mask":false,"short_seq_prob":0.1}""", JsonSerializer.Serialize(new MaskingSpec(), OneLine));
        Assert.Equal(new MaskingSpec { WholeWordMask = true }, JsonSerializer.Deserialize<MaskingSpec>("""{"whole_word_mask":true}""", LabJson.Options));
    }

    // Python: max(1, int(round(n * 0.15))); 10 x 0.25 is 2.5 and goes to the even 2.
    [Theory]
    [InlineData(0.15, 5, 1)]
    [InlineData(0.15, 3, 1)]
    [InlineData(0.15, 128, 19)]
    [InlineData(0.15, 17, 3)]
    [InlineData(0.25, 10, 2)]
    [InlineData(0.01, 20, 1)]
    public void The_budget_is_a_share_of_all_tokens_and_at_least_one(double probability, int length, int budget) =>
        Assert.Equal(budget, new TokenMasking(new MaskingSpec { MlmProbability = probability }, CorpusSamples.Vocabulary).Budget(length));

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(128)]
    [InlineData(700)]
    public void As_many_tokens_as_the_budget_are_chosen_and_all_others_stay(int length)
    {
        var masking = new TokenMasking(new MaskingSpec(), CorpusSamples.Vocabulary);
        var random = new SplitMix64(1);
        for (var round = 0; round < 200; round++)
        {
            var (before, after, positions, labels) = Masked(masking, Words(length, random), random);
            Assert.Equal(masking.Budget(length), positions.Count);
            Assert.Equal(positions.Distinct().Order(), positions);
            Assert.Equal(positions.Select(position => before[position]), labels);
            Assert.DoesNotContain(positions, position => before[position] is Cls or Sep);
            Assert.All(Enumerable.Range(0, length).Except(positions), position => Assert.Equal(before[position], after[position]));
        }
    }

    // 20,000 examples of 128 tokens: 380,000 choices.
    [Fact]
    public void Chosen_tokens_become_MASK_another_token_or_stay_in_80_10_10_parts_and_each_place_is_as_likely()
    {
        var masking = new TokenMasking(new MaskingSpec(), CorpusSamples.Vocabulary);
        var random = new SplitMix64(2);
        var (masked, replaced, kept, places, drawn) = (0, 0, 0, new int[128], new int[CorpusSamples.Vocabulary.Count]);
        for (var round = 0; round < 20_000; round++)
        {
            var ids = Words(128, random);
            ids.AsSpan(1, 62).Fill(CorpusSamples.FirstWord); // of one kind, so that a draw of the same token is one in 43
            ids.AsSpan(64, 63).Fill(CorpusSamples.FirstWord);
            var (_, after, positions, _) = Masked(masking, ids, random);
            foreach (var position in positions)
            {
                places[position]++;
                (masked, replaced, kept) = after[position] switch { Mask => (masked + 1, replaced, kept), CorpusSamples.FirstWord => (masked, replaced, kept + 1), _ => (masked, replaced + 1, kept) };
                drawn[after[position]]++;
            }
        }
        const double n = 380_000;
        Assert.Equal(n, masked + replaced + kept);
        Near(0.8 * n, masked, n * 0.8 * 0.2);
        Near(0.1 * n * 42 / 43, replaced, n * 0.1 * 0.9);
        Assert.All(places.Where((_, place) => place is not (0 or 63 or 127)), count => Near(n / 125, count, n / 125));
        Assert.Equal((0, 0, 0), (places[0], places[63], places[127]));
        Assert.Equal([0, 0, 0, 0], drawn[..Mask]); // no special token is put in
        Assert.All(drawn[(CorpusSamples.FirstWord + 1)..], count => Near(0.1 * n / 43, count, 0.1 * n / 43));

        static void Near(double expected, double value, double variance) => Assert.InRange(value, expected - 4.5 * Math.Sqrt(variance), expected + 4.5 * Math.Sqrt(variance));
    }

    // [UNK] in the middle of the ordinary ids, the other special tokens elsewhere.
    [Fact]
    public void Special_tokens_may_have_any_ids()
    {
        var vocabulary = new Vocabulary(["a", "[MASK]", "b", "[UNK]", "[PAD]", "c", "[SEP]", "d", "[CLS]"]);
        var masking = new TokenMasking(new MaskingSpec { MlmProbability = 0.5 }, vocabulary);
        var random = new SplitMix64(3);
        var seen = new HashSet<long>();
        for (var round = 0; round < 500; round++)
        {
            var (before, after, positions, _) = Masked(masking, [8, 0, 0, 3, 0, 0, 6, 0, 6], random);
            Assert.DoesNotContain(3, positions);
            seen.UnionWith(positions.Select(position => after[position]));
            Assert.Equal([8L, 3, 6, 6], new[] { after[0], after[3], after[6], after[8] });
        }
        Assert.Equal([0, 1, 2, 5, 7], seen.Order());
    }

    // Words of 1, 2, 3 and 1 pieces, then one whose first piece was cut off, behind [SEP].
    [Fact]
    public void Whole_words_are_masked_with_all_their_pieces_within_the_budget()
    {
        long[] ids = [Cls, 5, 6, 45, 7, 46, 47, 8, Sep, 45, 46, 9, Sep];
        int[][] words = [[1], [2, 3], [4, 5, 6], [7], [9, 10], [11]];
        var masking = new TokenMasking(new MaskingSpec { MlmProbability = 0.25, WholeWordMask = true }, CorpusSamples.Vocabulary); // 3 of 13
        var random = new SplitMix64(4);
        var counts = new int[words.Length];
        for (var round = 0; round < 2_000; round++)
        {
            var (_, _, positions, _) = Masked(masking, [.. ids], random);
            Assert.Equal(3, positions.Count); // with three single ones, every beginning can be filled up
            var whole = words.Where(word => word.All(positions.Contains)).ToList();
            Assert.Equal(positions, whole.SelectMany(word => word).Order());
            foreach (var word in whole)
                counts[Array.IndexOf(words, word)]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 300, 1_700));
    }

    [Fact]
    public void Where_no_word_fits_one_is_masked_all_the_same()
    {
        var masking = new TokenMasking(new MaskingSpec { WholeWordMask = true }, CorpusSamples.Vocabulary);
        Assert.Equal(1, masking.Budget(7));
        Assert.Equal([1, 2, 3], Masked(masking, [Cls, 6, 45, 46, Sep, 1, Sep], new SplitMix64(5)).Positions);
    }

    [Fact]
    public void A_text_of_unknown_words_has_nothing_to_predict() =>
        Assert.Empty(Masked(new TokenMasking(new MaskingSpec(), CorpusSamples.Vocabulary), [Cls, 1, Sep, 1, Sep], new SplitMix64(6)).Positions);

    private static (long[] Before, long[] After, List<int> Positions, List<long> Labels) Masked(TokenMasking masking, long[] ids, SplitMix64 random)
    {
        var (before, positions, labels) = ((long[])ids.Clone(), new List<int>(), new List<long>());
        masking.Apply(ids, random, positions, labels);
        return (before, ids, positions, labels);
    }

    private static long[] Words(int length, SplitMix64 random)
    {
        var ids = new long[length];
        for (var i = 0; i < length; i++)
            ids[i] = CorpusSamples.FirstWord + random.Next(43);
        (ids[0], ids[length / 2 - 1 < 1 ? 2 : length / 2 - 1], ids[^1]) = (Cls, Sep, Sep);
        return ids;
    }
}
