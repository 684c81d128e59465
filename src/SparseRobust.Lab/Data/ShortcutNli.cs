using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Data;

/// <summary>Generates the splits of Shortcut-NLI with exact quotas: the same rows for the same settings on every machine.</summary>
/// <remarks>
/// A split's rows are dealt to the cells label x overlap x heuristic before any is drawn; then each is drawn until it fits its cell and is new.
/// Splits share no pair. Overlap is high when every word of the hypothesis occurs in the premise.
/// </remarks>
internal sealed class ShortcutNli(ShortcutNliTask settings)
{
    /// <summary>To be raised with every change of the grammar, the words or the drawing; part of each split's hash.</summary>
    public const string GeneratorVersion = "shortcut-nli/1";

    private const int MostDraws = 100_000;

    private readonly HashSet<(string, string)> _seen = [];

    /// <summary>All splits: train and dev with overlap tied to entailment, ood with the tie broken, ood-reversed with it turned round.</summary>
    public TaskData Generate(CancellationToken cancellation)
    {
        _seen.Clear();
        var train = Split("train", settings.TrainRows, settings.Strength, stream: 0, cancellation);
        var dev = Split("dev", settings.EvaluationRows, settings.Strength, stream: 1, cancellation);
        var ood = Split("ood", settings.EvaluationRows, 0.5, stream: 2, cancellation);
        var reversed = Split("ood-reversed", settings.EvaluationRows, 1 - settings.Strength, stream: 3, cancellation);
        return new TaskData(train, dev, [EvaluationSet.SameLabels(ood), EvaluationSet.SameLabels(reversed)]);
    }

    /// <summary>How many of a label's rows have high overlap when the shortcut holds with the given strength: exact, rounded half away from zero.</summary>
    public static int HighOverlapQuota(int rows, bool entailment, double strength) =>
        (int)Math.Round(rows * (entailment ? strength : 1 - strength), MidpointRounding.AwayFromZero);

    /// <summary>How many of a split's rows have a label: a third, the remainder to the first labels.</summary>
    public static int LabelQuota(int rows, int label) => (rows / 3) + (label < rows % 3 ? 1 : 0);

    private Dataset Split(string name, int rows, double strength, long stream, CancellationToken cancellation)
    {
        var random = SplitMix64.From(settings.GeneratorSeed, stream);
        var grammar = new ShortcutGrammar(random, training: name == "train");
        var cells = Cells(rows, strength);
        var examples = new Example[rows];
        var order = random.Permutation(rows);
        for (var i = 0; i < rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            examples[i] = Draw(grammar, cells[order[i]], id: $"{name}-{(i + 1).ToString(CultureInfo.InvariantCulture)}");
        }
        return new Dataset("shortcut-nli", name, LabelSet.ThreeWayNli, examples, Hash(name, examples));
    }

    private static List<Cell> Cells(int rows, double strength)
    {
        var cells = new List<Cell>(rows);
        var entailment = LabelSet.ThreeWayNli.Require("entailment");
        for (var label = 0; label < LabelSet.ThreeWayNli.Count; label++)
        {
            var count = LabelQuota(rows, label);
            var high = HighOverlapQuota(count, label == entailment, strength);
            for (var i = 0; i < count; i++)
                cells.Add(new Cell(label, i < high, ShortcutGrammar.Heuristics[(i < high ? i : i - high) % ShortcutGrammar.Heuristics.Count]));
        }
        return cells;
    }

    private Example Draw(ShortcutGrammar grammar, Cell cell, string id)
    {
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var pair = grammar.Draw(cell.Heuristic, reworded: !cell.HighOverlap);
            if (LabelOf(pair.Truth) != cell.Label || pair.Premise == pair.Hypothesis || OverlapOnlyBaseline.HasHighOverlap(pair.Premise, pair.Hypothesis) != cell.HighOverlap)
                continue;
            if (_seen.Add((pair.Premise, pair.Hypothesis)))
                return new Example(id, pair.Premise, pair.Hypothesis, cell.Label) { Slices = Slices(cell, pair) };
        }
        throw new InvalidOperationException($"The grammar has no new pair for {cell}.");
    }

    private static int LabelOf(Veridicality truth) => truth switch
    {
        Veridicality.Denied => 0,
        Veridicality.Asserted => 1,
        _ => 2,
    };

    private static Dictionary<string, string> Slices(Cell cell, ShortcutPair pair) => new()
    {
        ["heuristic"] = cell.Heuristic,
        ["subcase"] = pair.Subcase,
        ["overlap"] = cell.HighOverlap ? "high" : "low",
    };

    private string Hash(string split, IEnumerable<Example> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var strength = settings.Strength.ToString("R", CultureInfo.InvariantCulture);
        Append(hash, string.Create(CultureInfo.InvariantCulture, $"{GeneratorVersion}\t{split}\t{strength}\t{settings.TrainRows}\t{settings.EvaluationRows}\t{settings.GeneratorSeed}\n"));
        foreach (var example in examples)
            Append(hash, $"{example.FirstText}\t{example.SecondText}\t{LabelSet.ThreeWayNli.Names[example.Label]}\t{example.Slices["heuristic"]}\t{example.Slices["subcase"]}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    private readonly record struct Cell(int Label, bool HighOverlap, string Heuristic);
}
