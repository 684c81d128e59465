using System.Buffers;
using System.Collections.Frozen;

namespace SparseRobust.Lab.Pretraining;

/// <summary>Cuts a paragraph into sentences by a small rule for texts in the Latin, Greek and Cyrillic scripts.</summary>
/// <remarks>
/// A sentence ends after a full stop, question or exclamation mark (several count as one) and closing quotes or brackets, when white space and then an upper-case letter,
/// a digit or an opening quote follow. Not so after one full stop that ends a single capital ("J. Smith", "the U.S. Senate") or one of a few abbreviations ("Dr. No").
/// The rule is ours: BERT's authors brought texts that were cut already. It errs toward long sentences, which packing cuts anyway.
/// A change of it must raise <see cref="CorpusHeader.Version"/>.
/// </remarks>
internal static class SentenceSplitter
{
    private const string Closing = "\"'\u2019\u201D\u00BB)]}";
    private const string Opening = "\"'\u2018\u201C\u00AB";

    private static readonly SearchValues<char> Ends = SearchValues.Create(".?!");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Abbreviations = FrozenSet.Create(
        StringComparer.Ordinal,
        "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Ste", "Mt", "Ft", "Rev", "Hon", "Gen", "Col", "Maj", "Capt", "Cmdr", "Lt", "Sgt", "Gov", "Sen", "Rep", "Pres", "Messrs",
        "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "No", "no", "Nos", "Vol", "vol", "Fig", "fig", "Ch", "ch", "Sec", "sec", "Art",
        "p", "pp", "ed", "eds", "vs", "v", "cf", "ca", "c", "approx", "e.g", "i.e", "viz", "al", "b", "d", "r", "fl").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds the sentences of <paramref name="paragraph"/>, in order and without white space around them; together they hold all its other characters.</summary>
    public static void Split(string paragraph, List<string> sentences)
    {
        var start = 0;
        for (var at = Next(paragraph, 0); at >= 0;)
        {
            var marks = at + 1;
            while (marks < paragraph.Length && Ends.Contains(paragraph[marks]))
                marks++;
            var end = marks;
            while (end < paragraph.Length && Closing.Contains(paragraph[end]))
                end++;
            var next = end;
            while (next < paragraph.Length && char.IsWhiteSpace(paragraph[next]))
                next++;
            var isEnd = next > end && next < paragraph.Length && Begins(paragraph[next])
                && !(marks == at + 1 && paragraph[at] == '.' && EndsInAbbreviation(paragraph.AsSpan(start, at - start)));
            if (isEnd)
            {
                Add(paragraph.AsSpan(start, end - start), sentences);
                start = next;
            }
            at = Next(paragraph, marks);
        }
        Add(paragraph.AsSpan(start), sentences);
    }

    private static int Next(string paragraph, int from) => paragraph.AsSpan(from).IndexOfAny(Ends) is var found and >= 0 ? from + found : -1;

    private static bool Begins(char first) => char.IsUpper(first) || char.IsDigit(first) || Opening.Contains(first);

    // The text before a full stop.
    private static bool EndsInAbbreviation(ReadOnlySpan<char> text)
    {
        var start = text.Length;
        while (start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] == '.'))
            start--;
        var word = text[start..];
        var last = word[(word.LastIndexOf('.') + 1)..];
        return last.Length == 1 && char.IsUpper(last[0]) || Abbreviations.Contains(word);
    }

    private static void Add(ReadOnlySpan<char> text, List<string> sentences)
    {
        var sentence = text.Trim();
        if (!sentence.IsEmpty)
            sentences.Add(sentence.ToString());
    }
}
