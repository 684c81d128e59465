namespace SparseRobust.Web.Hosting;

/// <summary>docs/problems.md as the pages show it. The file is the one source: the command line's users read it as it is.</summary>
/// <param name="Introduction">What stands above the first code.</param>
/// <param name="Sections">One for each code, in the order of the file.</param>
internal sealed record ProblemGuide(IReadOnlyList<GuideBlock> Introduction, IReadOnlyList<GuideSection> Sections)
{
    private const string Heading = "## ";

    /// <summary>Reads the copy beside the program.</summary>
    public static ProblemGuide Load() => Parse(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "problems.md")));

    /// <summary>Level-2 headings are codes; level-1 headings, the page's title and its parts, are left out.</summary>
    public static ProblemGuide Parse(IReadOnlyList<string> lines)
    {
        lines = [.. lines.Where(line => !line.StartsWith("# ", StringComparison.Ordinal))];
        List<int> starts = [.. lines.Index().Where(line => line.Item.StartsWith(Heading, StringComparison.Ordinal)).Select(line => line.Index), lines.Count];
        return new ProblemGuide(
            GuideReader.Blocks(lines.Take(starts[0])),
            [.. starts.Zip(starts.Skip(1), (start, end) => new GuideSection(lines[start][Heading.Length..].Trim(), GuideReader.Blocks(lines.Skip(start + 1).Take(end - start - 1))))]);
    }

    public GuideSection? Find(string code) => Sections.FirstOrDefault(section => section.Code == code);
}

/// <summary>What is said of one code.</summary>
internal sealed record GuideSection(string Code, IReadOnlyList<GuideBlock> Blocks);
