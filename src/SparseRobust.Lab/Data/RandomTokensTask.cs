using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Data;

/// <summary>Pairs of random words with random labels, every row exactly as long as asked: nothing to learn, only something to time.</summary>
public sealed record RandomTokensTask : TaskSpec
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
        var first = (Length - 3) / 2;
        var examples = new Example[rows];
        for (var i = 0; i < rows; i++)
            examples[i] = new Example(i.ToString(CultureInfo.InvariantCulture), Words(random, first), Words(random, Length - 3 - first), random.Next(Labels.Count));
        var text = string.Join('\n', examples.Select(example => $"{example.FirstText}\t{example.SecondText}\t{example.Label}"));
        return new Dataset("random-tokens", split, Labels, examples, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    private string Words(SplitMix64 random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Word(Specials.Length + random.Next(VocabularySize - Specials.Length))));

    private static string Word(int id) => string.Create(CultureInfo.InvariantCulture, $"w{id}");
}
