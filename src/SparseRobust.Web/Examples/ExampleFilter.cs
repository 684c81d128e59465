using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Examples;

/// <summary>The rows of a set that a query leaves, in the order it asks for.</summary>
internal static class ExampleFilter
{
    /// <summary>Row numbers; the same for the same query, since a finished evaluation never changes.</summary>
    /// <param name="set">The set.</param>
    /// <param name="texts">The set's dataset.</param>
    /// <param name="query">What is asked for.</param>
    /// <exception cref="Problem">FilterInvalid: a value that this set does not have, by its field.</exception>
    /// <exception cref="LabException">DatasetMissing: a slice is asked for and the dataset is not at hand.</exception>
    public static IReadOnlyList<int> Rows(SetPredictions set, SetTexts texts, ExampleQuery query)
    {
        var (gold, predicted, correct) = (LabelOf(set, "gold", query.Gold), LabelOf(set, "predicted", query.Predicted), IsCorrect(set, query.Correct));
        var slices = (query.Slice ?? []).Where(slice => slice.Length > 0).Select(slice => SliceOf(texts, slice)).ToList();
        var rows = Enumerable.Range(0, set.Count).Where(row =>
            (gold is null || (int)set.Gold[row] == gold) && (predicted is null || set.Predicted(row) == predicted) && (correct is null || set.IsCorrect(row) == correct)
            && slices.TrueForAll(slice => texts.Examples![row].Slices.GetValueOrDefault(slice.Name) == slice.Value));
        return [.. Sorted(set, rows, query)];
    }

    /// <summary>What a field asks for and cannot be had here.</summary>
    public static Problem Refuse(string field, string message) => new("FilterInvalid", $"{field}: {message}") { Faults = [new Fault(field, message)] };

    // Sorting keeps equals in their order.
    private static IEnumerable<int> Sorted(SetPredictions set, IEnumerable<int> rows, ExampleQuery query)
    {
        Func<int, double> key = query.Sort switch
        {
            null or "" or "row" => row => row,
            "confidence" => set.DatasetLabels.IsRegression ? throw Refuse("sort", "grades have no confidence. Sort by row or loss.") : set.Confidence,
            "loss" => set.Loss,
            var other => throw Refuse("sort", $"\"{other}\" is none of row, confidence, loss."),
        };
        var descends = query.Order switch
        {
            null or "" => query.Sort is "confidence" or "loss",
            "asc" => false,
            "desc" => true,
            var other => throw Refuse("order", $"\"{other}\" is neither asc nor desc."),
        };
        return descends ? rows.OrderByDescending(key) : rows.OrderBy(key);
    }

    private static bool? IsCorrect(SetPredictions set, string? asked) => asked switch
    {
        null or "" => null,
        _ when set.DatasetLabels.IsRegression => throw Refuse("correct", "grades are not right or wrong. Sort by loss instead."),
        "true" => true,
        "false" => false,
        _ => throw Refuse("correct", $"\"{asked}\" is neither true nor false."),
    };

    /// <summary>The label that a field asks for; null when it asks for none.</summary>
    /// <exception cref="Problem">FilterInvalid: the set has no such label.</exception>
    public static int? LabelOf(SetPredictions set, string field, string? asked)
    {
        if (string.IsNullOrEmpty(asked))
            return null;
        if (set.DatasetLabels.IsRegression)
            throw Refuse(field, $"{set.Dataset} has grades, not labels.");
        var label = set.DatasetLabels.IndexOf(asked);
        return label >= 0 ? label : throw Refuse(field, $"\"{asked}\" is none of {string.Join(", ", set.DatasetLabels.Names)}.");
    }

    private static (string Name, string Value) SliceOf(SetTexts texts, string asked)
    {
        if (texts.Examples is null)
            throw new LabException(ProblemCode.DatasetMissing, $"Which row is in slice \"{asked}\" only the dataset says. {texts.Missing}");
        if (asked.Split(':', 2) is not [var name, var value])
            throw Refuse("slice", $"\"{asked}\" is not of the form NAME:VALUE, such as heuristic:subsequence.");
        if (!texts.Slices.TryGetValue(name, out var values))
            throw Refuse("slice", texts.Slices.Count == 0 ? "this dataset has no slices." : $"\"{name}\" is none of {string.Join(", ", texts.Slices.Keys)}.");
        return values.Contains(value) ? (name, value) : throw Refuse("slice", $"{name} \"{value}\" is none of {string.Join(", ", values)}.");
    }
}
