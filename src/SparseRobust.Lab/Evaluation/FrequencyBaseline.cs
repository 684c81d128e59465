using System.Globalization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Evaluation;

/// <summary>What the frequency baseline scores on the dev set of one of GLUE's tasks.</summary>
/// <param name="Task">The task.</param>
/// <param name="Metric">The paper's metric: accuracy, matthews or pearson.</param>
public sealed record FrequencyScore(GlueName Task, string Metric)
{
    /// <summary>The metric's value; null when <see cref="Problem"/> is set.</summary>
    public double? Value { get; init; }

    /// <summary>What was guessed: a class, or the normal distribution of the grades.</summary>
    public string? Guess { get; init; }

    /// <summary>Dataset name and split; null when <see cref="Problem"/> is set.</summary>
    public string? Dataset { get; init; }

    /// <summary>Rows.</summary>
    public int N { get; init; }

    /// <summary>Rows of the published dev set, which may be others than those at hand.</summary>
    public int? PublishedRows { get; init; }

    /// <summary>Why there is no value: the dev set is missing or broken. Null when there is one.</summary>
    public LabException? Problem { get; init; }
}

/// <summary>
/// The majority class, without training: every row gets the commonest class of the dev labels themselves, the first among equals. A graded set gets samples of the normal
/// distribution with its grades' mean and standard deviation (over n, not n - 1), so that its correlation is 0 but for chance: about 1 / sqrt(n) either way.
/// </summary>
/// <remarks>Source: "When BERT Plays the Lottery", Table 2, row "majority class", and the authors' code, which looks at the dev labels, too; deviates: the normal samples come from another
/// generator than numpy's, so STS-B's value is another draw.</remarks>
public static class FrequencyBaseline
{
    /// <summary>The seed of the paper's samples.</summary>
    public const long Seed = 1337;

    /// <summary>Scores every task of GLUE whose dev set is there, in the order of <see cref="GlueName"/>; training sets are not looked at.</summary>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public static IReadOnlyList<FrequencyScore> OfGlue(DatasetFolders folders, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return [.. Enum.GetValues<GlueName>().Select(name => Of(new GlueTask { Name = name }, folders, cancellation))];
    }

    private static FrequencyScore Of(GlueTask task, DatasetFolders folders, CancellationToken cancellation)
    {
        var score = new FrequencyScore(task.Name, task.ReportedMetric);
        try
        {
            var dev = task.Dev.Load(folders, cancellation);
            var (predictions, guess) = Guess(dev, Seed);
            var values = WholeSetScores.Of(EvaluationSet.SameLabels(dev), predictions);
            return score with
            {
                Value = values.First(value => value.Metric == score.Metric).Value, Guess = guess, Dataset = $"{dev.Name} {dev.Split}", N = dev.Examples.Count, PublishedRows = dev.PublishedRows,
            };
        }
        catch (LabException problem) when (problem.Code is ProblemCode.DatasetMissing or ProblemCode.DatasetInvalid)
        {
            return score with { Problem = problem };
        }
    }

    /// <summary>The guesses for a dataset, as a model's outputs would be, and what they are in words.</summary>
    internal static (Predictions Predictions, string Guess) Guess(Dataset dataset, long seed)
    {
        if (dataset.Labels.IsRegression)
            return GuessGrades(dataset, seed);
        var counts = dataset.LabelCounts().ToList();
        var majority = counts.IndexOf(counts.Max());
        var logits = new float[dataset.Examples.Count * counts.Count];
        for (var row = 0; row < dataset.Examples.Count; row++)
            logits[(row * counts.Count) + majority] = 1;
        return (new Predictions(logits, counts.Count), dataset.Labels.Names[majority]);
    }

    private static (Predictions, string) GuessGrades(Dataset dataset, long seed)
    {
        double[] grades = [.. dataset.Examples.Select(example => (double)(example.Target ?? 0))];
        var mean = grades.Average();
        var deviation = Math.Sqrt(grades.Average(grade => (grade - mean) * (grade - mean)));
        var random = SplitMix64.From(seed);
        float[] samples = [.. grades.Select(_ => (float)(mean + (deviation * Normal(random))))];
        return (new Predictions(samples, 1), string.Create(CultureInfo.InvariantCulture, $"samples of N({mean:0.000}, {deviation:0.000}), seed {seed}"));
    }

    // Box and Muller (1958); 1 - u lies in (0, 1], so the logarithm is finite.
    private static double Normal(SplitMix64 random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
