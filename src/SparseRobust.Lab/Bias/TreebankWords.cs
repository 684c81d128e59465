using System.Text;

namespace SparseRobust.Lab.Bias;

/// <summary>Penn-Treebank-style words of one sentence: punctuation apart, clitics apart (do n't, they 'll), quotes as `` and ''.</summary>
/// <remarks>
/// Source: the Penn Treebank's published conventions, pinned by golden words to NLTK 3.8's TreebankWordTokenizer (tests/Fixtures/bias/treebank.json).
/// Written as a scanner, left to right, instead of a cascade of substitutions. Known deviation: where a possessive is itself followed by a closing
/// quote at the very end of the sentence (the boys's'), the clitic is split here and is not there.
/// </remarks>
internal static class TreebankWords
{
    private const string OpenQuote = "``";
    private const string CloseQuote = "''";
    private const string Alone = ";@#$%&?!()[]{}<>";

    /// <summary>The words of a sentence, in order and in their own case. Empty for blank text. Thread-safe.</summary>
    public static List<string> Of(string sentence)
    {
        var scan = new Scan(sentence);
        while (scan.At < sentence.Length)
            scan.Step();
        scan.EndWord();
        return scan.Words;
    }

    private sealed class Scan(string text)
    {
        private readonly StringBuilder _word = new();
        private readonly int _finalPeriod = FinalPeriod(text);

        // Positions at which a rule looks at the text as an earlier rule left it.
        private int _padded;
        private int _swallowed = -1;

        public List<string> Words { get; } = [];

        public int At { get; private set; }

        public void Step()
        {
            var c = text[At];
            if (char.IsWhiteSpace(c))
                EndWord(1);
            else if (c == '"')
                Quote(1, At == _padded || AfterOpener());
            else if (Here(CloseQuote))
                Quote(2, (At > 0 && At == _padded) || AfterOpener());
            else if (Here(OpenQuote))
                Quote(2, opening: true);
            else if (c is ',' or ':')
                Separator(c);
            else if (Here("...") || Here("--"))
                Emit(c == '.' ? "..." : "--");
            else if (At == _finalPeriod || Alone.Contains(c))
                Emit(c.ToString());
            else
                _word.Append(text[At++]);
        }

        public void EndWord(int advance = 0)
        {
            if (_word.Length > 0)
                Clitics.Split(_word.ToString(), Words);
            _word.Clear();
            At += advance;
        }

        private void Emit(string token)
        {
            EndWord(token.Length);
            Words.Add(token);
        }

        private void Quote(int length, bool opening)
        {
            var padsNext = At == 0 && text[0] == '"' || text[At] == '`';
            EndWord(length);
            Words.Add(opening ? OpenQuote : CloseQuote);
            if (padsNext)
                _padded = At;
        }

        // A comma or colon stands apart unless a digit follows it, or it directly follows one that stood apart.
        private void Separator(char c)
        {
            var last = At == text.Length - 1;
            var apart = last || (At != _swallowed && !char.IsDigit(text[At + 1]));
            if (!apart)
            {
                _word.Append(text[At++]);
                return;
            }
            Emit(c.ToString());
            _swallowed = At;
        }

        private bool AfterOpener() => At > 0 && text[At - 1] is ' ' or '(' or '[' or '{' or '<';

        private bool Here(string token) => string.CompareOrdinal(text, At, token, 0, token.Length) == 0;
    }

    // The period that ends the sentence, with nothing but closing marks and space after it; -1 when there is none.
    private static int FinalPeriod(string text)
    {
        var at = text.Length - 1;
        while (at >= 0 && char.IsWhiteSpace(text[at]))
            at--;
        while (at >= 0 && text[at] is ']' or ')' or '}' or '>' or '"' or '\'')
            at--;
        return at > 0 && text[at] == '.' && text[at - 1] != '.' ? at : -1;
    }
}
