using System.ComponentModel.DataAnnotations;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>A WordPiece vocabulary learned from the text that the model is pre-trained on. Learned once and kept in the output folder's cache.</summary>
/// <remarks>See <see cref="WordPieceTrainer"/>. The documents that are kept for evaluation are read, too: a vocabulary tells next to nothing of them.</remarks>
public sealed record LearnedVocabulary : VocabularySpec
{
    /// <summary>Most tokens, special ones included.</summary>
    [Range(6, 1_000_000)]
    public int Size { get; init; } = 8192;

    /// <summary>Most characters that are kept, the most frequent; a word with another one is [UNK]. Each takes one or two places of the vocabulary.</summary>
    [Range(1, 100_000)]
    public int AlphabetLimit { get; init; } = 1000;

    /// <summary>How often a pair of pieces must occur to become one.</summary>
    [Range(1, 1_000_000_000)]
    public int MinFrequency { get; init; } = 2;

    /// <summary>Keep case and accents; by default text is lower-cased and its accents are stripped.</summary>
    public bool Cased { get; init; }

    internal override Tokenizer Load(TaskSpec task, VocabularySources sources)
    {
        var text = task is PretrainingTask { Corpus: var name } ? sources.Folders.Find("The text corpus", name)
            : throw new LabException(ProblemCode.RecipeInvalid, "A vocabulary is learned from the text of a pre-training, and this task has labelled rows: name a file.");
        if (sources.Cache is not { } cache)
            return new WordPiece(Learn(text, sources.Cancellation), lowerCase: !Cased);
        var path = Path.Combine(cache.Root, "cache", "vocabularies", $"{Key(text)}.txt");
        if (!File.Exists(path))
            Learn(text, sources.Cancellation).Save(path);
        return new WordPiece(Vocabulary.Load(path), lowerCase: !Cased);
    }

    private string Key(string text) => ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant(
        $"vocabulary {WordPieceTrainer.Version} of {ContentHash.OfFile(text)}: {Size} {AlphabetLimit} {MinFrequency} {(Cased ? "cased" : "uncased")}")));

    private Vocabulary Learn(string text, CancellationToken cancellation)
    {
        var trainer = new WordPieceTrainer(Size, lowerCase: !Cased) { AlphabetLimit = AlphabetLimit, LeastFrequency = MinFrequency };
        foreach (var line in TextLines.Read(text, cancellation))
            trainer.Read(line);
        return trainer.Train(new Unheard(), cancellation);
    }

    private sealed class Unheard : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
