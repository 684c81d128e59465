using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class ProblemGuideTests
{
    private const string Sample = """
        # Title

        One line
        and another with `code <b>`.

        | code | means |
        |---|---|
        | 0 | **done** |

        ## First

        - **Means**: a thing
          that goes on.
        - **What to do**: `this`.

        ## Second

        Just words * and ` signs.
        """;

    private static ProblemGuide Guide => ProblemGuide.Parse(Sample.Split('\n'));

    [Fact]
    public void The_file_explains_exactly_the_codes_that_the_server_can_say()
    {
        string[] atStart = ["OptionsInvalid", "PortTaken"];
        Assert.Equal(ProblemMap.Codes.Concat(atStart).Order(StringComparer.Ordinal), ProblemGuide.Load().Sections.Select(section => section.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_says_what_it_means_and_what_to_do() =>
        Assert.All(ProblemGuide.Load().Sections, section =>
        {
            var leads = Assert.IsType<GuideList>(Assert.Single(section.Blocks)).Items.Select(item => item[0]).ToList();
            Assert.Contains(new GuideText(GuideStyle.Strong, "Means"), leads);
            Assert.Contains(new GuideText(GuideStyle.Strong, "What to do"), leads);
        });

    [Fact]
    public void Lines_of_a_paragraph_are_joined_and_code_keeps_its_characters()
    {
        var paragraph = Assert.IsType<GuideParagraph>(Guide.Introduction[0]);
        Assert.Equal([new(GuideStyle.Plain, "One line and another with "), new(GuideStyle.Code, "code <b>"), new GuideText(GuideStyle.Plain, ".")], paragraph.Text);
    }

    [Fact]
    public void A_table_has_a_head_and_rows_without_the_rule_between_them()
    {
        var table = Assert.IsType<GuideTable>(Guide.Introduction[1]);
        Assert.Equal(["code", "means"], table.Head.Select(cell => cell.Single().Text));
        Assert.Equal([new(GuideStyle.Plain, "0"), new GuideText(GuideStyle.Strong, "done")], table.Rows.Single().Select(cell => cell.Single()));
    }

    [Fact]
    public void An_item_goes_on_in_the_next_line()
    {
        var list = Assert.IsType<GuideList>(Guide.Find("First")!.Blocks.Single());
        Assert.Equal([new(GuideStyle.Strong, "Means"), new GuideText(GuideStyle.Plain, ": a thing that goes on.")], list.Items[0]);
        Assert.Equal(2, list.Items.Count);
    }

    [Fact]
    public void Signs_without_a_partner_are_text() =>
        Assert.Equal([new GuideText(GuideStyle.Plain, "Just words * and ` signs.")], Assert.IsType<GuideParagraph>(Guide.Find("Second")!.Blocks.Single()).Text);

    [Fact]
    public void A_code_that_is_not_there_is_not_found() => Assert.Null(Guide.Find("Third"));
}
