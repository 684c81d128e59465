using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Data;

/// <summary>The built-in three-way NLI task whose training data ties word overlap to entailment. Nothing is downloaded: a grammar of ours writes the rows.</summary>
/// <remarks>
/// The label follows from the two texts alone (<see cref="ShortcutNliOracle"/>), so the ceiling is 100 % on every split. Splits: train and dev
/// (overlap tied to entailment), ood (overlap independent of the label), ood-reversed (the tie turned round). The nouns and verbs of dev, ood and
/// ood-reversed do not occur in train; their word pieces and all cue phrases do. Each row has the slices heuristic (lexical_overlap, subsequence
/// or constituent: the construction, of which each has entailed, neutral and contradicted rows at high and at low overlap), subcase, and overlap
/// (high when every word of the hypothesis occurs in the premise). Labels and overlap are dealt in exact quotas. Once overlap is known, the
/// hypothesis alone says almost nothing (34 to 38 % by its bag of words); the premise's alone says much (70 to 84 %), since the cue phrase that decides
/// stands there.
/// Source: our own; the heuristics are those of McCoy, Pavlick and Linzen (2019), "Right for the wrong reasons".
/// </remarks>
public sealed record ShortcutNliTask : LabelledTask
{
    /// <summary>
    /// How often overlap agrees with the shortcut in train and dev: this share of the entailed rows has high overlap, and of the other rows low
    /// overlap. 0.5 makes overlap useless, 1 makes it perfect; ood-reversed has 1 minus this. Default 0.9.
    /// </summary>
    [Range(0.34, 1.0)]
    public double Strength { get; init; } = 0.9;

    /// <summary>Rows of train. Default 20,000.</summary>
    [Range(300, 200_000)]
    public int TrainRows { get; init; } = 20_000;

    /// <summary>Rows of each of dev, ood and ood-reversed. Default 2,000.</summary>
    [Range(90, 50_000)]
    public int EvaluationRows { get; init; } = 2_000;

    /// <summary>Seed of the generator, apart from the run's seed: all runs of a recipe see the same rows. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int GeneratorSeed { get; init; } = 1;

    /// <inheritdoc/>
    public override LabelSet Labels => LabelSet.ThreeWayNli;

    /// <inheritdoc/>
    public override IReadOnlyList<string> BuiltInVocabulary => ShortcutVocabulary.Tokens;

    internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation) => new ShortcutNli(this).Generate(cancellation);
}
