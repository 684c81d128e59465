using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Packs the sentences of each document into pairs for next-sentence prediction; reads their lengths only. Not thread-safe.</summary>
/// <remarks>
/// Source: create_instances_from_document of BERT's create_pretraining_data, same draws in the same order: sentences are gathered until they reach the target
/// length or the document ends; A is a random number of them, at least one and not all; B is the rest or, with probability 1/2 and always for a single sentence, sentences
/// of another document up to the target, from a random one on, and then the unused ones are gathered again. A pair that is too long loses tokens of its longer side (of B
/// when equal), front or back at random. Deviates: the other document is drawn among all others, so it never is the same one (theirs tries ten times); each document has
/// a stream of its own (<see cref="SplitMix64"/> from seed, epoch and document), so the order of documents is the file's and shuffling is left to the data order.
/// </remarks>
internal sealed class PairPacking(CorpusTokens corpus, PretrainingPass pass, double shortSeqProb)
{
    /// <summary>[CLS] A [SEP] B [SEP].</summary>
    public const int SpecialTokens = 3;

    private const long Purpose = 0x7061636b; // keeps this stream apart from other uses of the same seed
    private const int ShortestTarget = 2;

    private readonly int[] _documents = pass.DocumentsOf(corpus);
    private readonly int _most = pass.MaxLength - SpecialTokens;
    private readonly List<PackedPair> _pairs = [];

    public IReadOnlyList<PackedPair> Pairs => _pairs;

    /// <summary>How many documents the part has.</summary>
    public int Documents => _documents.Length;

    /// <summary>Tokens of the part's documents.</summary>
    public long TextTokens { get; private set; }

    /// <summary>Tokens of the part's documents that are in no pair as the document's own text: cut off. The rest are in exactly one.</summary>
    public long LostTokens { get; private set; }

    /// <summary>Pairs whose B is random.</summary>
    public int RandomPairs { get; private set; }

    /// <summary>Those among them that had a single sentence, so that there was nothing to draw.</summary>
    public int SingleSentences { get; private set; }

    /// <summary>Packs all documents of the part, of which there are two at least.</summary>
    public void PackAll()
    {
        for (var place = 0; place < _documents.Length; place++)
            Pack(place);
    }

    private void Pack(int place)
    {
        var (sentence, end) = SentencesOf(place);
        TextTokens += Run(sentence, end).Length;
        var random = SplitMix64.From(Purpose, pass.Seed, pass.Epoch, _documents[place]);
        var target = random.NextDouble() < shortSeqProb ? ShortestTarget + random.Next(_most - ShortestTarget + 1) : _most;
        while (sentence < end)
        {
            var last = Gather(sentence, end, target);
            var isSingle = last - sentence == 1;
            var middle = isSingle ? last : sentence + 1 + random.Next(last - sentence - 1);
            var isRandom = isSingle || random.NextDouble() < 0.5;
            var first = Run(sentence, middle);
            Add(first, isRandom ? Other(place, target - first.Length, random) : Run(middle, last), isRandom, random);
            SingleSentences += isSingle ? 1 : 0;
            sentence = isRandom ? middle : last;
        }
    }

    /// <summary>The sentence after the last that is needed to reach a length; at least one is taken.</summary>
    private int Gather(int sentence, int end, int length)
    {
        var last = sentence + 1;
        while (last < end && Run(sentence, last).Length < length)
            last++;
        return last;
    }

    private TokenRun Other(int place, int length, SplitMix64 random)
    {
        var other = random.Next(_documents.Length - 1);
        var (begin, end) = SentencesOf(other < place ? other : other + 1);
        var start = begin + random.Next(end - begin);
        return Run(start, Gather(start, end, length));
    }

    private void Add(TokenRun first, TokenRun second, bool isRandom, SplitMix64 random)
    {
        var (before, own) = (first.Length + second.Length, first.Length + (isRandom ? 0 : second.Length));
        while (first.Length + second.Length > _most)
            if (first.Length > second.Length)
                first = Cut(first, random);
            else
                second = Cut(second, random);
        _pairs.Add(new PackedPair(first, second, isRandom, before - first.Length - second.Length));
        LostTokens += own - first.Length - (isRandom ? 0 : second.Length);
        RandomPairs += isRandom ? 1 : 0;
    }

    private static TokenRun Cut(TokenRun run, SplitMix64 random) => random.NextDouble() < 0.5 ? new TokenRun(run.Start + 1, run.Length - 1) : run with { Length = run.Length - 1 };

    private (int Begin, int End) SentencesOf(int place) => ((int)corpus.DocumentStarts[_documents[place]], (int)corpus.DocumentStarts[_documents[place] + 1]);

    private TokenRun Run(int sentence, int end) => new(corpus.SentenceStarts[sentence], (int)(corpus.SentenceStarts[end] - corpus.SentenceStarts[sentence]));
}
