using System.Runtime.InteropServices;
using System.Text;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>How often each word occurs in a text, words being BERT's (<see cref="BasicTokenizer"/>). Not thread-safe.</summary>
internal sealed class WordCounts
{
    private readonly BasicTokenizer _words;
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public WordCounts(BasicTokenizer words)
    {
        _words = words;
        _bySpan = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Each word with its count, except those too long for a WordPiece tokenizer.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Words so far, the long ones included.</summary>
    public long Total { get; private set; }

    /// <summary>Words of over 100 characters, which the tokenizer reads as [UNK].</summary>
    public long TooLong { get; private set; }

    /// <summary>Counts the words of a text.</summary>
    public void Add(string text)
    {
        var nothing = default(NoPieces);
        _words.Read(text, new Counter(this), ref nothing);
    }

    private void Add(scoped ref readonly WordBuffer word)
    {
        Total++;
        if (word.IsTooLong)
            TooLong++;
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_bySpan, word.Units, out _)++;
    }

    private readonly struct Counter(WordCounts counts) : IWordTaker
    {
        public void Take<TPieces>(scoped ref readonly WordBuffer word, scoped ref TPieces pieces)
            where TPieces : struct, IPieceSink, allows ref struct => counts.Add(in word);
    }

    private readonly struct NoPieces : IPieceSink
    {
        public int Count => 0;

        public void ReadUnit(int start, int end)
        {
        }

        public void Drop(Rune character, int end)
        {
        }

        public void AddPiece(int id, int first, int length)
        {
        }

        public void AddWord(int id)
        {
        }

        public void CutTo(int count)
        {
        }

        public void EndWord()
        {
        }
    }
}
