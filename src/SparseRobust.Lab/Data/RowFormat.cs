using System.Globalization;

namespace SparseRobust.Lab.Data;

/// <summary>How a row becomes an example: all in which the readers of published datasets differ. Immutable and thread-safe.</summary>
/// <param name="Title">The dataset's name in messages: "MNLI".</param>
/// <param name="Labels">The classes; of a graded dataset the label is read as <see cref="Example.Target"/>.</param>
internal sealed record RowFormat(string Title, LabelSet Labels)
{
    private const int LabelAt = 0, FirstAt = 1, SecondAt = 2;
    private const float HighestTarget = 5;

    /// <summary>Where the label stands.</summary>
    public required Field Label { get; init; }

    /// <summary>Where the first text stands.</summary>
    public required Field First { get; init; }

    /// <summary>Where the second text stands; null for single sentences.</summary>
    public Field? Second { get; init; }

    /// <summary>Where the source's own id stands; null where it has none, and then the line number is the id.</summary>
    public Field? Id { get; init; }

    /// <summary>The groups by which scores are broken down, at most five.</summary>
    public IReadOnlyList<(string Name, Field Field)> Slices { get; init; } = [];

    /// <summary>What the file writes for each class, id 0 first; by default the class names themselves.</summary>
    public IReadOnlyList<string>? LabelWords { get; init; }

    /// <summary>What the file writes for "no gold label"; such rows are left out and counted. Null where every row has one.</summary>
    public string? NoLabel { get; init; }

    /// <summary>Undoes what the file did to its texts; by default nothing.</summary>
    public Func<string, string> Text { get; init; } = text => text;

    private IReadOnlyList<string> Words => LabelWords ?? Labels.Names;

    private int IdAt => Second is null ? SecondAt : SecondAt + 1;

    private int SlicesAt => Id is null ? IdAt : IdAt + 1;

    private IReadOnlyList<Field> Fields => [.. new[] { Label, First, Second, Id }.OfType<Field>(), .. Slices.Select(slice => slice.Field)];

    /// <summary>Reads a file, plain or gzipped.</summary>
    /// <exception cref="Errors.LabException">DatasetInvalid.</exception>
    public Dataset Read(string path, string name, string split, CancellationToken cancellation)
    {
        var slices = new SlicePool([.. Slices.Select(slice => slice.Name)]);
        var examples = new List<Example>();
        var unlabelled = 0;
        using var rows = DatasetRows.Open(Title, path, Fields, cancellation);
        while (rows.Read())
        {
            if (NoLabel is not null && rows[LabelAt] == NoLabel)
                unlabelled++;
            else if (ExampleOf(rows, slices) is { } example)
                examples.Add(example);
            else
                rows.Reject(Labels.IsRegression
                    ? $"the score \"{rows[LabelAt]}\" is no number from 0 to {HighestTarget}"
                    : $"the label \"{rows[LabelAt]}\" is none of {string.Join(", ", Words)}");
        }
        return rows.Complete(name, split, Labels, examples) with { UnlabelledRows = unlabelled };
    }

    // Null when the label is none.
    private Example? ExampleOf(DatasetRows rows, SlicePool slices)
    {
        var target = Labels.IsRegression ? TargetOf(rows[LabelAt]!) : null;
        var label = Labels.IsRegression ? (target is null ? -1 : 0) : ClassOf(rows[LabelAt]!);
        if (label < 0)
            return null;
        var id = Id is null || string.IsNullOrEmpty(rows[IdAt]) ? rows.Line.ToString(CultureInfo.InvariantCulture) : rows[IdAt]!;
        return new Example(id, Text(rows[FirstAt]!), Second is null ? null : Text(rows[SecondAt]!), label)
        {
            Slices = slices.Of(place => rows[SlicesAt + place]),
            Target = target,
        };
    }

    private int ClassOf(string word)
    {
        for (var id = 0; id < Words.Count; id++)
            if (string.Equals(Words[id], word, StringComparison.Ordinal))
                return id;
        return -1;
    }

    private static float? TargetOf(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var target) && target is >= 0 and <= HighestTarget ? target : null;
}
