using System.Globalization;

namespace SparseRobust.Lab.Data;

/// <summary>A dataset that is added to a training set.</summary>
/// <param name="Dataset">The rows.</param>
/// <param name="ToTaskLabels">For each class id of the dataset, the class id of the task.</param>
/// <param name="Copies">How often each row is in the mixture.</param>
internal sealed record MixturePart(Dataset Dataset, IReadOnlyList<int> ToTaskLabels, int Copies = 1)
{
    /// <summary>A part with the task's own classes.</summary>
    public static MixturePart SameLabels(Dataset dataset, int copies = 1) => new(dataset, [.. Enumerable.Range(0, dataset.Labels.Count)], copies);

    /// <summary>HANS in three classes: non-entailment is trained as contradiction.</summary>
    /// <remarks>Source: Win-win Deal, table 2 and the authors' code.</remarks>
    public static MixturePart TwoToThreeWayNli(Dataset dataset) =>
        new(dataset, [.. dataset.Labels.Names.Select(name => LabelSet.ThreeWayNli.Require(name == "entailment" ? "entailment" : "contradiction"))]);

    /// <summary>The rows in the task's classes, once.</summary>
    public IEnumerable<Example> Relabelled => Dataset.Examples.Select(example => example with { Label = ToTaskLabels[example.Label] });
}

/// <summary>A training set put together from several: one part after the other, since the data order shuffles all rows jointly.</summary>
internal static class TrainingMixture
{
    /// <summary>Joins the parts to the training set. The mixture is named after all of them; its identity follows from theirs.</summary>
    public static Dataset Join(Dataset train, IReadOnlyList<MixturePart> parts)
    {
        var all = parts.Prepend(MixturePart.SameLabels(train)).ToList();
        return new Dataset(
            string.Join('+', all.Select(part => part.Dataset.Name)),
            train.Split,
            train.Labels,
            [.. all.SelectMany(part => Enumerable.Repeat(part.Relabelled.ToList(), part.Copies)).SelectMany(rows => rows)],
            Dataset.DerivedSha256(["mixture/1", .. all.Select(IdentityOf)]))
        {
            BrokenRows = [.. all.SelectMany(part => part.Dataset.BrokenRows)],
            UnlabelledRows = all.Sum(part => part.Dataset.UnlabelledRows),
            WithheldRows = all.Sum(part => part.Dataset.WithheldRows),
            SourcePath = train.SourcePath,
            FurtherSourcePaths = [.. parts.Select(part => part.Dataset.SourcePath).OfType<string>()],
        };
    }

    private static string IdentityOf(MixturePart part) => string.Create(
        CultureInfo.InvariantCulture, $"{part.Dataset.Sha256} {part.Dataset.Examples.Count} rows x {part.Copies} as {string.Join(',', part.ToTaskLabels)}");
}
