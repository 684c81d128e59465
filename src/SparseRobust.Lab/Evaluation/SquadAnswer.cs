using System.Globalization;
using System.Text;

namespace SparseRobust.Lab.Evaluation;

/// <summary>SQuAD's exact match and F1 of a predicted answer against the gold answers, of which the best one counts.</summary>
/// <remarks>Source: Rajpurkar et al. 2016, sec. 6.1, and its evaluation script for version 1.1. Deviates: a capital sigma at a word's end and a dotted capital I are lower-cased
/// without looking at their neighbours, so they match only their like.</remarks>
internal static class SquadAnswer
{
    /// <summary>Lower-cased (invariant), without ASCII punctuation and symbols, without the words a, an, the; what white space is left is one space between words.</summary>
    public static string Normalize(string text) => string.Join(' ', Words(text));

    /// <summary>Whether the normalised prediction is one of the normalised answers; true for nothing against nothing.</summary>
    /// <exception cref="ArgumentException">There is no answer.</exception>
    public static bool ExactMatch(string prediction, IReadOnlyList<string> answers)
    {
        RequireAnswers(answers);
        var normalized = Normalize(prediction);
        return answers.Any(answer => string.Equals(Normalize(answer), normalized, StringComparison.Ordinal));
    }

    /// <summary>The best F1 over the answers, in [0, 1]: 2 p r / (p + r), where s words are shared (as often as both have them), p = s / words of the prediction and
    /// r = s / words of the answer; 0 when none is shared, also of nothing against nothing (version 2.0's script gives 1 there).</summary>
    /// <exception cref="ArgumentException">There is no answer.</exception>
    public static double F1(string prediction, IReadOnlyList<string> answers)
    {
        RequireAnswers(answers);
        var predicted = Words(prediction);
        return answers.Max(answer => WordF1(predicted, Words(answer)));
    }

    /// <summary>Means over a dataset's questions, in [0, 1] (the script prints per cent); null over no questions.</summary>
    /// <param name="predictions">One answer per question.</param>
    /// <param name="answers">Each question's gold answers, at least one.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a question has no answer.</exception>
    public static (double ExactMatch, double F1)? Mean(IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers)
    {
        if (predictions.Count != answers.Count)
            throw new ArgumentException($"{predictions.Count} predictions cannot be judged by the answers of {answers.Count} questions.", nameof(predictions));
        if (predictions.Count == 0)
            return null;
        var matches = predictions.Zip(answers).Count(pair => ExactMatch(pair.First, pair.Second));
        return ((double)matches / predictions.Count, predictions.Zip(answers).Average(pair => F1(pair.First, pair.Second)));
    }

    private static double WordF1(List<string> predicted, List<string> answer)
    {
        // Each word of the answer is taken once.
        var shared = predicted.Count(new List<string>(answer).Remove);
        return shared == 0 ? 0 : 2.0 * shared / (predicted.Count + answer.Count);
    }

    private static List<string> Words(string text)
    {
        var kept = new StringBuilder();
        var letters = new StringBuilder();
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
        {
            if (rune.IsAscii && (Rune.IsPunctuation(rune) || Rune.IsSymbol(rune)))
                continue;
            if (IsLetter(rune))
            {
                letters.Append(rune);
                continue;
            }
            AppendUnlessArticle(letters, kept);
            kept.Append(IsSpace(rune) ? " " : rune.ToString());
        }
        AppendUnlessArticle(letters, kept);
        return [.. kept.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void AppendUnlessArticle(StringBuilder letters, StringBuilder kept)
    {
        kept.Append(letters.ToString() is "a" or "an" or "the" ? " " : letters);
        letters.Clear();
    }

    // What Python's \w is once the underscore is gone: combining marks are not in it.
    private static bool IsLetter(Rune rune) => Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    // Python's str.split also splits at the four information separators.
    private static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    private static void RequireAnswers(IReadOnlyList<string> answers)
    {
        if (answers.Count == 0)
            throw new ArgumentException("A question without a gold answer cannot be scored.", nameof(answers));
    }
}
