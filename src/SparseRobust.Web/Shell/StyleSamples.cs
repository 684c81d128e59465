namespace SparseRobust.Web.Shell;

/// <summary>The fixed values that the style guide shows.</summary>
internal static class StyleSamples
{
    public static readonly string[] States = ["queued", "running", "recovering", "cancelling", "succeeded", "failed", "cancelled", "paused"];

    public static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    public static readonly ChartStage[] Stages = [new("fine-tune", 0, 1200), new("mask-training", 1200, 2400)];

    public static readonly ChartLine[] Loss = [Line("train/loss", 0, step => 0.25 + 0.85 * Math.Exp(-(step % 1200) / 400.0) + 0.03 * Math.Sin(step))];

    public static readonly ChartLine[] Accuracy =
    [
        Line("eval/dev_accuracy", 100, step => 0.9 - 0.5 * Math.Exp(-step / 300.0)),
        Line("eval/ood_accuracy", 100, step => 0.55 + 0.1 * step / 2400.0),
        Line("eval/reversed_accuracy", 100, step => 0.35 + 0.15 * step / 2400.0),
    ];

    public static readonly string[] Matrices = ["Q", "K", "V", "Attention output", "Intermediate", "Output"];

    public static readonly DensityRow[] Density =
        [.. Enumerable.Range(0, 6).Select(layer => new DensityRow($"{layer}", [.. Matrices.Select((_, column) => (double?)(0.08 + 0.9 * ((layer * 5 + column * 7) % 12) / 11.0))]))];

    public static readonly IReadOnlyDictionary<string, string[]> Errors = new SortedDictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["$.paradigm.pruning.sparsity"] = ["1.5 is above 1; give a share of weights between 0 and 1."],
        ["$.paradigm.fine_tuning.learnin_rate"] = ["There is no such field; did you mean learning_rate?"],
    };

    private static ChartLine Line(string key, long from, Func<long, double> value) =>
        new(key, [.. Enumerable.Range(0, 1 + (int)(2400 - from) / 25).Select(index => from + 25 * index).Select(step => new ChartPoint(step, value(step)))]);
}
