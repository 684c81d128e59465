namespace SparseRobust.Lab.Data;

/// <summary>What of a row makes it the same as another: texts with only their letters and digits, in lower case, since copies differ in spaces and signs.</summary>
internal static class RowKey
{
    /// <summary>Both texts, in order.</summary>
    public static string Pair(Example example) => Join(Plain(example.FirstText), Plain(example.SecondText));

    /// <summary>Both texts, whichever comes first: a paraphrase is one either way round.</summary>
    public static string PairInAnyOrder(Example example)
    {
        var (first, second) = (Plain(example.FirstText), Plain(example.SecondText));
        return string.CompareOrdinal(first, second) <= 0 ? Join(first, second) : Join(second, first);
    }

    /// <summary>The first text alone: the claim.</summary>
    public static string Claim(Example example) => Plain(example.FirstText);

    private static string Join(string first, string second) => $"{first}\n{second}";

    // A text of signs alone stays as it is, so that two of them are not taken for one.
    private static string Plain(string? text)
    {
        var plain = string.Concat((text ?? "").Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
        return plain.Length > 0 ? plain : text ?? "";
    }
}

/// <summary>The rows of evaluation sets, which must not be trained on. Immutable.</summary>
internal sealed class HeldOutRows
{
    private readonly Func<Example, string> _keyOf;
    private readonly HashSet<string> _keys;
    private readonly string[] _identities;

    public HeldOutRows(IEnumerable<Dataset> evaluation, Func<Example, string> keyOf)
    {
        Dataset[] sets = [.. evaluation];
        _keyOf = keyOf;
        _keys = [.. sets.SelectMany(set => set.Examples).Select(keyOf)];
        _identities = [.. sets.Select(set => set.Sha256)];
    }

    public bool Has(Example example) => _keys.Contains(_keyOf(example));

    /// <summary>The training set without them, the others in their order, and how many they were; the training set itself when it has none.</summary>
    public Dataset RemoveFrom(Dataset train)
    {
        Example[] kept = [.. train.Examples.Where(example => !Has(example))];
        return kept.Length == train.Examples.Count ? train : train with
        {
            Examples = kept,
            WithheldRows = train.WithheldRows + train.Examples.Count - kept.Length,
            Sha256 = Dataset.DerivedSha256(["without-held-out/1", train.Sha256, .. _identities]),
        };
    }
}
