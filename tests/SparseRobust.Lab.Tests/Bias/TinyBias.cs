using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Tests.Bias;

/// <summary>Small datasets for the bias tests.</summary>
internal static class TinyBias
{
    public const string Sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    /// <summary>The features that need no word vectors.</summary>
    public static OverlapFeatures Features { get; } = new(OverlapFeatureSet.AllSeven, vectors: null);

    public static Dataset Dataset(params (string P, string H, int Label)[] rows) => Of(LabelSet.ThreeWayNli, rows);

    public static Dataset Of(LabelSet labels, params (string P, string H, int Label)[] rows) =>
        new("tiny", "train", labels, [.. rows.Select((row, i) => new Example(i.ToString("d", null), row.P, row.H, row.Label))], Sha256);

    /// <summary>Random words; the hypothesis of an entailment (1) is a run of the premise nine times in ten, of the others one time in ten.</summary>
    public static Dataset Overlapping(int rows, long seed = 1)
    {
        var random = SplitMix64.From(seed);
        string Word() => $"w{random.Next(40)}";
        return Dataset([.. Enumerable.Range(0, rows).Select(i =>
        {
            var (p, label) = (Enumerable.Range(0, 4 + random.Next(6)).Select(_ => Word()).ToArray(), i % 3);
            var copies = random.NextDouble() < (label == 1 ? 0.9 : 0.1);
            var h = copies ? p[..3] : [Word(), Word(), Word()];
            return (string.Join(' ', p), string.Join(' ', h), label);
        })]);
    }
}
