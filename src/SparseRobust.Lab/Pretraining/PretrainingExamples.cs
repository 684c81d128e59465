using System.Globalization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Pretraining;

/// <summary>The examples of one pass over a part of a corpus, in the order of the text: [CLS] A [SEP] B [SEP]. Reading is thread-safe.</summary>
/// <remarks>An example is a function of corpus, <see cref="PretrainingPass"/> and <see cref="MaskingSpec"/>, whatever the number of threads and the order of reading. What is kept is
/// where its segments lie in the corpus, 40 bytes an example; as rows they have the text's ids, and <see cref="MaskedRows"/> masks them. The corpus is borrowed.</remarks>
internal sealed class PretrainingExamples : TokenRows
{
    /// <summary>The least maximum length: a token in each segment.</summary>
    public const int ShortestMaxLength = PairPacking.SpecialTokens + 2;

    private const long MaskPurpose = 0x6d61736b; // keeps this stream apart from other uses of the same seed
    private const int LeastDocuments = 2;

    private readonly PairPacking _packing;
    private readonly IReadOnlyList<PackedPair> _pairs;

    private PretrainingExamples(CorpusTokens corpus, PretrainingPass pass, MaskingSpec masking, PairPacking packing)
    {
        (Corpus, Pass, _packing, _pairs) = (corpus, pass, packing, packing.Pairs);
        Masking = new TokenMasking(masking, corpus.Vocabulary);
    }

    /// <summary>The corpus that the examples are read from.</summary>
    public CorpusTokens Corpus { get; }

    /// <summary>The part, the length, the seed and the epoch.</summary>
    public PretrainingPass Pass { get; }

    /// <summary>How tokens are masked.</summary>
    public TokenMasking Masking { get; }

    /// <summary>Number of examples. Epochs differ in it by a percent or so, since each packs anew.</summary>
    public override int Count => _pairs.Count;

    /// <summary>How many documents the part has.</summary>
    public int Documents => _packing.Documents;

    /// <summary>Tokens of the part's documents, without special ones.</summary>
    public long TextTokens => _packing.TextTokens;

    /// <summary>Tokens of the part's documents that this pass does not show as their document's own text, because pairs were too long and were cut.</summary>
    public long LostTokens => _packing.LostTokens;

    /// <summary>Examples whose B is random (label 1). Over <see cref="Count"/>, what always saying so reaches: over a half, since single sentences have no choice.</summary>
    public int RandomPairs => _packing.RandomPairs;

    /// <summary>Examples made of a single sentence, whose B is random without a draw: overlong sentences and last ones of documents.</summary>
    public int SingleSentences => _packing.SingleSentences;

    /// <summary>Packs one pass.</summary>
    /// <exception cref="LabException">DatasetInvalid: the part has fewer than two documents.</exception>
    public static PretrainingExamples Of(CorpusTokens corpus, PretrainingPass pass, MaskingSpec masking)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pass.MaxLength, ShortestMaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(pass.DevEvery, 2);
        var packing = new PairPacking(corpus, pass, masking.ShortSeqProb);
        if (packing.Documents < LeastDocuments)
            throw new LabException(ProblemCode.DatasetInvalid, string.Create(
                CultureInfo.InvariantCulture,
                $"The {(pass.Part == CorpusPart.Dev ? "dev" : "training")} part of the corpus has {packing.Documents} of its {corpus.Documents} documents, every {pass.DevEvery}th being for dev, and next-sentence prediction needs two: use a corpus of more documents, or let fewer lie between those for dev."));
        packing.PackAll();
        return new PretrainingExamples(corpus, pass, masking, packing);
    }

    /// <summary>Lengths of an example with its special tokens, and what it lost.</summary>
    public override TokenRow this[int index]
    {
        get
        {
            var pair = _pairs[index];
            return new TokenRow(pair.First.Length + pair.Second.Length + PairPacking.SpecialTokens, pair.First.Length + 2, pair.CutTokens);
        }
    }

    /// <summary>Where an example's segments lie in the corpus.</summary>
    public PackedPair Pair(int index) => _pairs[index];

    /// <summary>The example's ids as the text has them, unmasked.</summary>
    public override void CopyIds(int index, Span<long> ids)
    {
        var (first, second) = (_pairs[index].First, _pairs[index].Second);
        var (firstSeparator, last) = (first.Length + 1, first.Length + second.Length + 2);
        ids[0] = Corpus.Vocabulary.ClsId;
        Corpus.CopyIds(first.Start, ids.Slice(1, first.Length));
        ids[firstSeparator] = Corpus.Vocabulary.SepId;
        Corpus.CopyIds(second.Start, ids.Slice(firstSeparator + 1, second.Length));
        ids[last] = Corpus.Vocabulary.SepId;
    }

    /// <summary>The draws of an example's masks, from the beginning.</summary>
    public SplitMix64 MaskDraws(int index) => SplitMix64.From(MaskPurpose, Pass.Seed, Pass.Epoch, index);

    /// <summary>Does nothing: the corpus is its owner's.</summary>
    public override void Dispose()
    {
    }
}
