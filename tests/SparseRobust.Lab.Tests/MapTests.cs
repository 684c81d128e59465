using System.Text.RegularExpressions;

namespace SparseRobust.Lab.Tests;

/// <summary>docs/map.md, the answer to "where is ...?", is true and complete.</summary>
public sealed class MapTests
{
    private static readonly (string[] Terms, string File)[] Rows =
    [
        .. from line in File.ReadLines(Path.Combine(ArchitectureSources.Root, "docs", "map.md"))
           let row = Regex.Match(line, @"^\| (?<terms>[^|]+) \| `(?<file>[^`|]+)` \|$")
           where row.Success
           select (row.Groups["terms"].Value.Split(", "), row.Groups["file"].Value),
    ];

    [Fact]
    public void Every_line_of_the_table_is_a_row()
    {
        var lines = File.ReadLines(Path.Combine(ArchitectureSources.Root, "docs", "map.md")).Count(line => line.StartsWith('|'));
        Assert.Equal(lines - 2, Rows.Length); // the heading and the rule below it
        Assert.NotEmpty(Rows);
    }

    [Fact]
    public void Every_file_is_there() =>
        ArchitectureSources.AssertNone(Rows.Where(row => !File.Exists(Path.Combine(ArchitectureSources.Root, row.File))).Select(row => row.File));

    [Fact]
    public void Every_term_has_one_answer() =>
        ArchitectureSources.AssertNone(Rows.SelectMany(row => row.Terms).GroupBy(term => term, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Every_objective_pruning_method_and_task_has_a_row()
    {
        var kinds = from file in ArchitectureSources.Lab
                    where Regex.IsMatch(file.Code, @"\bsealed record \w+(\([^)]*\))?\s*:\s*(ObjectiveSpec|PruningSpec|TaskSpec|OutOfDistributionTask)\b")
                    select "src/" + file.Path;
        ArchitectureSources.AssertNone(kinds.Except(Rows.Select(row => row.File)));
    }
}
