using System.Globalization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>From a file's columns, by name, to a dataset's classes.</summary>
internal sealed class ColumnMap
{
    // Half-precision probabilities of a few classes sum to 1 within this.
    private const double SumTolerance = 5e-3;

    // What a probability of 0 is raised to: the smallest normal float, whose logarithm is -87.3.
    private const double SmallestProbability = 1.1754943508222875e-38;

    // For each column its class, or -1 for "all the others".
    private readonly int[] _classOfColumn;

    private ColumnMap(int[] classOfColumn) => _classOfColumn = classOfColumn;

    /// <exception cref="LabException">RecipeInvalid when the names are not those of the classes, each once, nor one class and the rest.</exception>
    public static ColumnMap Of(IReadOnlyList<string> columns, LabelSet labels)
    {
        int[] classes = [.. columns.Select(labels.IndexOf)];
        var isWhole = columns.Count == labels.Count && classes.Order().SequenceEqual(Enumerable.Range(0, labels.Count));
        var isOneAndRest = columns.Count == 2 && labels.Count > 2 && classes.Count(label => label < 0) == 1;
        return isWhole || isOneAndRest
            ? new ColumnMap(classes)
            : throw new LabException(ProblemCode.RecipeInvalid, $"The bias predictions' columns are named {string.Join(", ", columns)} and the classes are {string.Join(", ", labels.Names)}: name each class once, or one of them and the rest.");
    }

    /// <summary>Writes a row as normalised natural log-probabilities in the order of the classes.</summary>
    /// <param name="row">The file's numbers.</param>
    /// <param name="values">What they are.</param>
    /// <param name="logProbs">One for each class.</param>
    /// <param name="corrupt">Makes the exception for a row that is no distribution.</param>
    /// <returns>How many probabilities of 0 were raised to the smallest normal float.</returns>
    public int Write(ReadOnlyMemory<double> row, PredictionValues values, Span<float> logProbs, Func<string, Exception> corrupt)
    {
        var numbers = row.Span;
        if (numbers.Length != _classOfColumn.Length)
            throw corrupt($"it has {numbers.Length} numbers for {_classOfColumn.Length} columns");
        Span<double> probabilities = stackalloc double[numbers.Length];
        var sum = 0.0;
        for (var column = 0; column < numbers.Length; column++)
        {
            probabilities[column] = values == PredictionValues.LogProbabilities ? Math.Exp(numbers[column]) : numbers[column];
            if (!(probabilities[column] >= 0))
                throw corrupt(string.Create(CultureInfo.InvariantCulture, $"{numbers[column]} is no probability"));
            sum += probabilities[column];
        }
        if (!(Math.Abs(sum - 1) <= SumTolerance))
            throw corrupt(string.Create(CultureInfo.InvariantCulture, $"its probabilities sum to {sum:g6}, not 1; are the values {(values == PredictionValues.Probabilities ? "log_probabilities" : "probabilities")}?"));
        var raised = 0;
        for (var column = 0; column < numbers.Length; column++)
        {
            raised += probabilities[column] < SmallestProbability ? 1 : 0;
            Put(_classOfColumn[column], Math.Log(Math.Max(probabilities[column], SmallestProbability)) - Math.Log(sum), logProbs);
        }
        return raised;
    }

    private void Put(int label, double logProb, Span<float> logProbs)
    {
        if (label >= 0)
        {
            logProbs[label] = (float)logProb;
            return;
        }
        var own = Math.Max(_classOfColumn[0], _classOfColumn[1]);
        for (var other = 0; other < logProbs.Length; other++)
            if (other != own)
                logProbs[other] = (float)(logProb - Math.Log(logProbs.Length - 1));
    }
}
