using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Web.Examples;

/// <summary>Two models on every set that both were evaluated on.</summary>
public sealed record ComparedSetsView
{
    /// <summary>The model of the address.</summary>
    public required ComparedEvaluation First { get; init; }

    /// <summary>The model of the parameter with.</summary>
    public required ComparedEvaluation Second { get; init; }

    /// <summary>In the first model's order; McNemar's p-values are adjusted by Holm over all of these.</summary>
    public required IReadOnlyList<ComparisonView> Items { get; init; }

    /// <summary>Sets of either model that are not compared.</summary>
    public required IReadOnlyList<SetLeftOut> LeftOut { get; init; }

    internal static ComparedSetsView Of(OpenEvaluation first, OpenEvaluation second)
    {
        var (items, leftOut) = (new List<ComparisonView>(), new List<SetLeftOut>());
        foreach (var set in first.Sets)
        {
            if (second.Sets.FirstOrDefault(each => IsSame(each, set)) is not { } other)
                leftOut.Add(OnlyOf(first, set));
            else if (ComparisonView.WhyNot((first.Chosen, set), (second.Chosen, other)) is { } problem)
                leftOut.Add(new SetLeftOut(set.Dataset, set.Split, problem.Message));
            else
                items.Add(ComparisonView.Of((first.Chosen, set), (second.Chosen, other)));
        }
        leftOut.AddRange(second.Sets.Where(set => !first.Sets.Any(each => IsSame(each, set))).Select(set => OnlyOf(second, set)));
        var adjusted = Holm.Adjust([.. items.Select(item => item.Mcnemar.PValue)]);
        return new ComparedSetsView
        {
            First = first.Name,
            Second = second.Name,
            Items = [.. items.Zip(adjusted, (item, p) => item with { Mcnemar = item.Mcnemar with { HolmPValue = p } })],
            LeftOut = leftOut,
        };
    }

    private static bool IsSame(SetPredictions one, SetPredictions other) => one.Dataset == other.Dataset && one.Split == other.Split;

    private static SetLeftOut OnlyOf(OpenEvaluation open, SetPredictions set) => new(set.Dataset, set.Split, $"Only \"{open.Chosen.Stage}\" of run {open.Chosen.Run.Id} was on it.");
}

/// <summary>An evaluation of a run.</summary>
public sealed record ComparedEvaluation(string RunId, string Stage, string StageHash);

/// <summary>A set that is not compared, and why.</summary>
public sealed record SetLeftOut(string Dataset, string Split, string Reason);
