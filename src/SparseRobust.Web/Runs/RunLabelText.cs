namespace SparseRobust.Web.Runs;

/// <summary>The labels of a run as a form holds them.</summary>
internal sealed class RunLabelText
{
    public string? Name { get; set; }

    /// <summary>Separated by commas.</summary>
    public string? Tags { get; set; }

    public string? Notes { get; set; }

    public static RunLabelText Of(RunRow run) => new() { Name = run.Name, Tags = string.Join(", ", run.Tags), Notes = run.Notes };

    /// <summary>All three labels as the form says them; what is blank takes its label away.</summary>
    public ChangeRun Change() => new()
    {
        Name = (Name ?? "").Trim(),
        Tags = [.. (Tags ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)],
        // Browsers send line ends as CR LF.
        Notes = (Notes ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Trim(),
    };

    /// <summary>The page of all runs with a tag; quotes keep a tag's spaces in one word of the filter.</summary>
    public static string RunsTagged(string tag) => "/runs?filter=" + Uri.EscapeDataString(tag.Contains(' ', StringComparison.Ordinal) ? $"tag:\"{tag}\"" : $"tag:{tag}");
}
