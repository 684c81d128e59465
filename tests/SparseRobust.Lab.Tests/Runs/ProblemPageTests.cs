using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class ProblemPageTests
{
    [Fact]
    public void Every_problem_code_has_one_heading_in_the_page()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SparseRobustWeb.sln"))) folder = Path.GetDirectoryName(folder)!;
        var headings = File.ReadLines(Path.Combine(folder, "docs", "problems.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal));
        // The other headings are the server's; its own test counts those.
        Assert.Equal(Enum.GetNames<ProblemCode>().Order(), headings.Select(line => line[3..]).Where(Enum.GetNames<ProblemCode>().Contains).Order());
    }
}
