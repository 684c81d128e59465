using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Data;

/// <summary>Pairs of random words with random labels, every row exactly as long as asked unless a spread is given: nothing to learn, only something to time.</summary>
public sealed record RandomTokensTask : LabelledTask
{
    /// <summary>Training rows.</summary>
    [Range(1, 10_000_000)]
    public int Rows { get; init; } = 640;

    /// <summary>Tokens a row, [CLS] and both [SEP] included.</summary>
    [Range(5, 8192)]
    public int Length { get; init; } = 128;

    /// <summary>Rows of the word table.</summary>
    [Range(10, 1_000_000)]
    public int VocabularySize { get; init; } = 30_522;

    /// <summary>How much shorter rows may be, as a share of the way from <see cref="Length"/> down to 5: 0 makes all of them equally long.
    /// Most rows are short and few long, so that the longest of a batch changes from batch to batch.</summary>
    [Range(0.0, 1.0)]
    public double LengthSpread { get; init; }

    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    /// <inheritdoc/>
    public override IReadOnlyList<string> BuiltInVocabulary =>
        [.. Specials, .. Enumerable.Range(Specials.Length, VocabularySize - Specials.Length).Select(Word)];

    private static string[] Specials => ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation) =>
        new(Generate("train", Rows, 1), Generate("dev", 32, 2), []);

    private Dataset Generate(string split, int rows, long stream)
    {
        var random = SplitMix64.From(stream, Length, VocabularySize);
        var examples = new Example[rows];
        for (var i = 0; i < rows; i++)
        {
            var length = RowLength(random);
            var first = (length - 3) / 2;
            examples[i] = new Example(i.ToString(CultureInfo.InvariantCulture), Words(random, first), Words(random, length - 3 - first), random.Next(Labels.Count));
        }
        var text = string.Join('\n', examples.Select(example => $"{example.FirstText}\t{example.SecondText}\t{example.Label}"));
        return new Dataset("random-tokens", split, Labels, examples, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    // The longest of n such rows lies at u^(16/n) of the spread, so batches of 32 differ widely.
    private int RowLength(SplitMix64 random) =>
        LengthSpread == 0 ? Length : Length - (int)((Length - 5) * LengthSpread * (1 - Math.Pow(random.NextDouble(), 16)));

    private string Words(SplitMix64 random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Word(Specials.Length + random.Next(VocabularySize - Specials.Length))));

    private static string Word(int id) => string.Create(CultureInfo.InvariantCulture, $"w{id}");
}
