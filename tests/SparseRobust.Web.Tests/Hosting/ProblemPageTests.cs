using System.Globalization;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class ProblemPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "problems.md"));

    private static IEnumerable<string> Headings => Regex.Matches(Page, @"^## (\w+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    // A server that does not start answers nothing; it prints these two.
    [Fact]
    public void The_page_has_one_section_for_each_code_the_server_answers_with() =>
        Assert.Equal(ProblemMap.Codes.Append(HostingException.OptionsInvalid).Append(HostingException.PortTaken).Order(), Headings.Order());

    [Fact]
    public void The_server_has_a_status_for_each_code_of_the_laboratory() => Assert.Empty(Enum.GetNames<ProblemCode>().Except(ProblemMap.Codes));

    [Fact]
    public void Each_section_names_the_status_that_the_server_answers()
    {
        var documented = Regex.Matches(Page, @"^## (\w+)$.*?^- \*\*HTTP status\*\*: (\d+)", RegexOptions.Multiline | RegexOptions.Singleline)
            .ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.Equal(ProblemMap.Codes.Order().Select(code => (code, ProblemMap.StatusOf(code))), documented.OrderBy(each => each.Key).Select(each => (each.Key, each.Value)));
    }
}
