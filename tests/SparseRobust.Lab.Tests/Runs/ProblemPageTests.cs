using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class ProblemPageTests
{
    [Fact]
    public void Every_problem_code_has_one_heading_in_the_page_and_no_other_has()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SparseRobustWeb.sln"))) folder = Path.GetDirectoryName(folder)!;
        // The server's own codes follow, and are its tests' affair.
        var headings = File.ReadLines(Path.Combine(folder, "docs", "problems.md")).TakeWhile(line => line != "# Only in the server").Where(line => line.StartsWith("## ", StringComparison.Ordinal));
        Assert.Equal(Enum.GetNames<ProblemCode>().Order(), headings.Select(line => line[3..]).Order());
    }
}
