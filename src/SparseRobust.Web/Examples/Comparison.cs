using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Statistics;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Examples;

/// <summary>Two models on the same rows of a set, right or wrong row by row.</summary>
public sealed record ComparisonView
{
    // Fixed, so that the same question has the same answer; the answer names it.
    private const long BootstrapSeed = 1;

    /// <summary>The model of the address.</summary>
    public required ComparedModel First { get; init; }

    /// <summary>The model of the parameter with.</summary>
    public required ComparedModel Second { get; init; }

    public required string Dataset { get; init; }

    public required string Split { get; init; }

    public required string DatasetSha256 { get; init; }

    /// <summary>Rows, all of the set.</summary>
    public required int N { get; init; }

    /// <summary>Rows that both get right.</summary>
    public required int N11 { get; init; }

    /// <summary>Rows that only the first gets right.</summary>
    public required int N10 { get; init; }

    /// <summary>Rows that only the second gets right.</summary>
    public required int N01 { get; init; }

    /// <summary>Rows that neither gets right.</summary>
    public required int N00 { get; init; }

    /// <summary>Accuracy of the first less that of the second: (n10 - n01) / n.</summary>
    public required double Difference { get; init; }

    /// <summary>Whether the accuracies may be the same: of the rows that exactly one gets right, how likely is so uneven a split.</summary>
    public required McNemarView Mcnemar { get; init; }

    /// <summary>The difference with a 95 % interval for the rows being a sample.</summary>
    public required PairedBootstrap Bootstrap { get; init; }

    /// <exception cref="Problem">FilterInvalid: grades, or no rows. StateConflict: the rows are not the same.</exception>
    internal static ComparisonView Of((Evaluation Evaluation, SetPredictions Set) first, (Evaluation Evaluation, SetPredictions Set) second)
    {
        if (WhyNot(first, second) is { } problem)
            throw problem;
        bool[] ofFirst = [.. first.Set.Correct()], ofSecond = [.. second.Set.Correct()];
        var counts = ofFirst.Zip(ofSecond).CountBy(pair => pair).ToDictionary();
        var (n, n10, n01) = (ofFirst.Length, counts.GetValueOrDefault((true, false)), counts.GetValueOrDefault((false, true)));
        return new ComparisonView
        {
            First = ComparedModel.Of(first.Evaluation, ofFirst),
            Second = ComparedModel.Of(second.Evaluation, ofSecond),
            Dataset = first.Set.Dataset,
            Split = first.Set.Split,
            DatasetSha256 = first.Set.Sha256,
            N = n,
            N11 = counts.GetValueOrDefault((true, true)),
            N10 = n10,
            N01 = n01,
            N00 = counts.GetValueOrDefault((false, false)),
            Difference = (n10 - n01) / (double)n,
            Mcnemar = McNemarView.Of(new McNemar(n10, n01)),
            Bootstrap = PairedBootstrap.Of(ofFirst, ofSecond, BootstrapSeed),
        };
    }

    /// <summary>Why the two cannot be compared row by row; null when they can.</summary>
    internal static Problem? WhyNot((Evaluation Evaluation, SetPredictions Set) first, (Evaluation Evaluation, SetPredictions Set) second)
    {
        if (first.Set.DatasetLabels.IsRegression)
            return ExampleFilter.Refuse("dataset", $"{first.Set.Dataset} has grades, which are not right or wrong.");
        if (first.Set.Count == 0)
            return ExampleFilter.Refuse("dataset", $"{first.Set.Dataset} {first.Set.Split} has no rows.");
        return first.Set.Sha256 == second.Set.Sha256 && first.Set.Gold.SequenceEqual(second.Set.Gold) ? null : Problem.Conflict(
            $"Run {first.Evaluation.Run.Id} was evaluated on another {first.Set.Dataset} {first.Set.Split} (SHA-256 {first.Set.Sha256}) than run {second.Evaluation.Run.Id} ({second.Set.Sha256}), so their rows cannot be paired. "
            + "Evaluate both on the same data.");
    }
}

/// <summary>One of two models that are compared.</summary>
public sealed record ComparedModel(string RunId, string Stage, string StageHash, double Accuracy)
{
    internal static ComparedModel Of(Evaluation evaluation, IReadOnlyList<bool> correct) =>
        new(evaluation.Run.Id, evaluation.Stage, evaluation.StageHash, correct.Count(right => right) / (double)correct.Count);
}

/// <summary>McNemar's test of two models on the same rows.</summary>
/// <param name="Discordant">Rows that exactly one gets right.</param>
/// <param name="IsExact">Whether the p-value is the binomial one, as below 25 such rows; else it is of chi-square with Edwards' correction.</param>
/// <param name="ChiSquareStatistic">With one degree of freedom; 0 without such rows.</param>
/// <param name="PValue">Two-sided, of no difference; not corrected for several comparisons.</param>
/// <param name="HolmPValue">The same, adjusted by Holm over all sets of the list it is in; absent where one set alone was asked for.</param>
public sealed record McNemarView(int Discordant, bool IsExact, double ChiSquareStatistic, double PValue, double? HolmPValue = null)
{
    internal static McNemarView Of(McNemar test) => new(test.Discordant, test.IsExact, test.ChiSquareStatistic, test.PValue);
}
