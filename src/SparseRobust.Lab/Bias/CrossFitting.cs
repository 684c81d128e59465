using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>Predictions of training rows by models that never saw them: each fold by a model fitted to the other folds.</summary>
internal static class CrossFitting
{
    /// <summary>Seed of the fold assignment: fixed, because a bias model is the same for every seed of a run.</summary>
    public const long FoldSeed = 20221011;

    /// <summary>Refuses settings that no fit can have.</summary>
    /// <exception cref="LabException">RecipeInvalid for C outside [1e-6, 1e6] or folds other than 0 and 2 to 100; DatasetInvalid for more folds than rows.</exception>
    public static void Require(string model, double c, int folds, Dataset train)
    {
        if (!(c >= 1e-6 && c <= 1e6))
            throw new LabException(ProblemCode.RecipeInvalid, $"The {model} bias model's C is {c}; it must lie between 0.000001 and 1000000.");
        if (folds is < 0 or 1 or > 100)
            throw new LabException(ProblemCode.RecipeInvalid, $"The {model} bias model's folds are {folds}; they must be 0 (in-sample) or 2 to 100.");
        if (folds > train.Examples.Count)
            throw new LabException(ProblemCode.DatasetInvalid, $"{train.Name} {train.Split} has {train.Examples.Count} rows, too few for {folds} folds. Use fewer folds or more rows.");
    }

    /// <summary>Log-probabilities (natural) of every training row, row-major over its classes.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="folds">How many folds; 0 for predictions by <paramref name="ofAll"/>, in-sample.</param>
    /// <param name="ofAll">Writes a row's log-probabilities by the model fitted to all rows.</param>
    /// <param name="fit">Fits to some rows; what it returns writes any row's log-probabilities.</param>
    public static float[] LogProbs(Dataset train, int folds, RowPredictor ofAll, Func<int[], RowPredictor> fit)
    {
        int[] foldOfRow = folds == 0 ? new int[train.Examples.Count] : FoldAssignment.Stratified(train, folds, FoldSeed);
        var classes = train.Labels.Count;
        var logProbs = new float[foldOfRow.Length * classes];
        for (var fold = 0; fold < Math.Max(folds, 1); fold++)
        {
            var predict = folds == 0 ? ofAll : fit([.. Enumerable.Range(0, foldOfRow.Length).Where(row => foldOfRow[row] != fold)]);
            for (var row = 0; row < foldOfRow.Length; row++)
                if (foldOfRow[row] == fold)
                    predict(row, logProbs.AsSpan(row * classes, classes));
        }
        return logProbs;
    }
}

/// <summary>Writes the log-probabilities (natural) of one row, in the order of its dataset's classes.</summary>
internal delegate void RowPredictor(int row, Span<float> logProbs);
