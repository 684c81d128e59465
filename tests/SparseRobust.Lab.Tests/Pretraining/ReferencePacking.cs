using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Tests.Pretraining;

/// <summary>BERT's packing written out on lists of tokens, step by step as in its script, with the draws of <see cref="PairPacking"/>. A token is its number in the corpus.</summary>
internal static class ReferencePacking
{
    public static List<(List<long> First, List<long> Second, bool IsRandom)> Pack(CorpusTokens corpus, PretrainingPass pass, double shortSeqProb)
    {
        var numbers = pass.DocumentsOf(corpus);
        var documents = numbers.Select(document => Sentences(corpus, document)).ToList();
        var pairs = new List<(List<long>, List<long>, bool)>();
        for (var place = 0; place < documents.Count; place++)
            Pack(documents, place, SplitMix64.From(0x7061636b, pass.Seed, pass.Epoch, numbers[place]), pass.MaxLength - 3, shortSeqProb, pairs);
        return pairs;
    }

    private static void Pack(List<List<List<long>>> documents, int place, SplitMix64 random, int most, double shortSeqProb, List<(List<long>, List<long>, bool)> pairs)
    {
        var target = most;
        if (random.NextDouble() < shortSeqProb)
            target = 2 + random.Next(most - 1);
        var document = documents[place];
        var chunk = new List<List<long>>();
        for (var i = 0; i < document.Count; i++)
        {
            chunk.Add(document[i]);
            if (i < document.Count - 1 && chunk.Sum(sentence => sentence.Count) < target)
                continue;
            var split = chunk.Count >= 2 ? 1 + random.Next(chunk.Count - 1) : 1;
            var first = chunk.Take(split).SelectMany(sentence => sentence).ToList();
            var second = new List<long>();
            var isRandom = chunk.Count == 1 || random.NextDouble() < 0.5;
            if (isRandom)
            {
                var wanted = target - first.Count;
                var others = documents.Where((_, other) => other != place).ToList();
                var other = others[random.Next(others.Count)];
                for (var j = random.Next(other.Count); j < other.Count; j++)
                {
                    second.AddRange(other[j]);
                    if (second.Count >= wanted)
                        break;
                }
                i -= chunk.Count - split;
            }
            else
                second.AddRange(chunk.Skip(split).SelectMany(sentence => sentence));
            while (first.Count + second.Count > most)
            {
                var longer = first.Count > second.Count ? first : second;
                longer.RemoveAt(random.NextDouble() < 0.5 ? 0 : longer.Count - 1);
            }
            pairs.Add((first, second, isRandom));
            chunk = [];
        }
    }

    private static List<List<long>> Sentences(CorpusTokens corpus, int document)
    {
        var sentences = new List<List<long>>();
        for (var sentence = (int)corpus.DocumentStarts[document]; sentence < corpus.DocumentStarts[document + 1]; sentence++)
        {
            var (start, end) = (corpus.SentenceStarts[sentence], corpus.SentenceStarts[sentence + 1]);
            sentences.Add([.. Enumerable.Range(0, (int)(end - start)).Select(offset => start + offset)]);
        }
        return sentences;
    }
}
