using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Masks the ids of an example for masked-language modelling. Immutable and thread-safe.</summary>
/// <remarks>
/// Source: create_masked_lm_predictions of BERT's create_pretraining_data; see <see cref="MaskingSpec"/> for what is chosen and what deviates. With whole words, the
/// words come in random order, one that is over the rest of the budget is passed over, and a continuation at the front of a segment, whose word was cut, is a word
/// of its own (theirs joins it to the word before [SEP]). Where no word at all fits, the first drawn is masked nevertheless, so that there is something to predict.
/// </remarks>
internal sealed class TokenMasking
{
    private const double MaskShare = 0.8;
    private const double RandomShare = 0.1;
    private const int StackTokens = 512;

    private readonly MaskingSpec _spec;
    private readonly int _maskId;
    private readonly int _ordinaryIds;
    private readonly int[] _specialIds;
    private readonly bool[] _isSpecial;
    private readonly bool[] _continues;

    public TokenMasking(MaskingSpec spec, Vocabulary vocabulary)
    {
        _spec = spec;
        _maskId = vocabulary.MaskId;
        _specialIds = [vocabulary.PadId, vocabulary.UnknownId, vocabulary.ClsId, vocabulary.SepId, vocabulary.MaskId];
        Array.Sort(_specialIds);
        _ordinaryIds = vocabulary.Count - _specialIds.Length;
        _isSpecial = new bool[vocabulary.Count];
        foreach (var id in _specialIds)
            _isSpecial[id] = true;
        _continues = [.. vocabulary.Tokens.Select(token => token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal))];
    }

    /// <summary>round(probability x length), half to even as Python rounds, at least 1.</summary>
    public int Budget(int length) => Math.Max(1, (int)Math.Round(length * _spec.MlmProbability));

    /// <summary>Changes chosen ids of an example, and appends where they stood in it, ascending, and what they were. Nothing is chosen in an example of special tokens and [UNK] only.</summary>
    public void Apply(Span<long> ids, SplitMix64 random, List<int> positions, List<long> labels)
    {
        var words = ids.Length <= StackTokens ? stackalloc Word[ids.Length] : new Word[ids.Length];
        var chosen = ids.Length <= StackTokens ? stackalloc int[ids.Length] : new int[ids.Length];
        chosen = chosen[..Choose(words[..Words(ids, words)], Budget(ids.Length), random, chosen)];
        chosen.Sort();
        foreach (var position in chosen)
        {
            positions.Add(position);
            labels.Add(ids[position]);
            var draw = random.NextDouble();
            if (draw < MaskShare)
                ids[position] = _maskId;
            else if (draw < MaskShare + RandomShare)
                ids[position] = OrdinaryId(random.Next(_ordinaryIds));
        }
    }

    // What may be chosen: tokens, or whole words.
    private int Words(ReadOnlySpan<long> ids, Span<Word> words)
    {
        var count = 0;
        for (var i = 0; i < ids.Length; i++)
            if (_isSpecial[ids[i]])
                continue;
            else if (_spec.WholeWordMask && _continues[ids[i]] && count > 0 && words[count - 1].End == i)
                words[count - 1].End = i + 1;
            else
                words[count++] = new Word { Start = i, End = i + 1 };
        return count;
    }

    // Takes words in random order until the budget is used up; only as many are drawn as are looked at.
    private static int Choose(Span<Word> words, int budget, SplitMix64 random, Span<int> chosen)
    {
        var count = 0;
        for (var i = 0; i < words.Length && count < budget; i++)
        {
            var drawn = i + random.Next(words.Length - i);
            (words[i], words[drawn]) = (words[drawn], words[i]);
            if (count + words[i].End - words[i].Start <= budget)
                count = Take(words[i], chosen, count);
        }
        return count == 0 && !words.IsEmpty ? Take(words[0], chosen, count) : count;
    }

    private static int Take(Word word, Span<int> chosen, int count)
    {
        for (var position = word.Start; position < word.End; position++)
            chosen[count++] = position;
        return count;
    }

    // The n-th id that is not special.
    private long OrdinaryId(int number)
    {
        foreach (var special in _specialIds)
            if (number >= special)
                number++;
        return number;
    }

    private struct Word
    {
        public int Start;
        public int End;
    }
}
