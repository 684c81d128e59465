using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>The words of training claims as features: lower-cased, in at least <see cref="LeastRows"/> rows, the <see cref="MostWords"/> most frequent.</summary>
internal sealed class ClaimWords
{
    /// <summary>Rows of the training set in which a word must occur.</summary>
    public const int LeastRows = 5;

    /// <summary>Words kept at most.</summary>
    public const int MostWords = 20_000;

    private readonly Dictionary<string, int> _columnOf;

    private ClaimWords(IReadOnlyList<string> words)
    {
        Words = words;
        _columnOf = words.Select((word, column) => (word, column)).ToDictionary(pair => pair.word, pair => pair.column, StringComparer.Ordinal);
    }

    /// <summary>The words in column order: those of more rows first, of equally many in ordinal order.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <exception cref="LabException">DatasetInvalid when no word occurs often enough.</exception>
    public static ClaimWords Of(Dataset train)
    {
        var rowsOfWord = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var example in train.Examples)
            foreach (var word in BiasTokenizer.LowerCased(example.FirstText).Distinct(StringComparer.Ordinal))
                rowsOfWord[word] = rowsOfWord.GetValueOrDefault(word) + 1;
        string[] words = [.. rowsOfWord.Where(entry => entry.Value >= LeastRows).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(MostWords).Select(entry => entry.Key)];
        return words.Length > 0
            ? new ClaimWords(words)
            : throw new LabException(ProblemCode.DatasetInvalid, $"No word occurs in {LeastRows} of the {train.Examples.Count} first texts of {train.Name} {train.Split}, so a claim-only bias model has nothing to look at. Use more rows.");
    }

    /// <summary>Which of the words occur in each first text of a dataset.</summary>
    public SparseRows RowsOf(Dataset dataset)
    {
        var starts = new int[dataset.Examples.Count + 1];
        var entries = new List<int>();
        for (var i = 0; i < dataset.Examples.Count; i++)
        {
            var columns = new SortedSet<int>();
            foreach (var word in BiasTokenizer.LowerCased(dataset.Examples[i].FirstText))
                if (_columnOf.TryGetValue(word, out var column))
                    columns.Add(column);
            entries.AddRange(columns);
            starts[i + 1] = entries.Count;
        }
        return new SparseRows(Words.Count, starts, [.. entries]);
    }
}
