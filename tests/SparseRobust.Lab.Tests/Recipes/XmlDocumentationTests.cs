using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Recipes;

public class XmlDocumentationTests
{
    [Fact]
    public void References_become_names_and_properties_are_called_as_in_json()
    {
        Assert.Contains("same label shares (StratifiedSample); null, the default, means all.", XmlDocumentation.Of(typeof(MnliHansTask).GetProperty(nameof(MnliHansTask.TrainRows))!).Summary, StringComparison.Ordinal);
        Assert.Contains("the rows it was fitted to (folds = 0).", XmlDocumentation.Of(typeof(OverlapBiasSpec)).Source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_is_what_the_remarks_say_after_the_word()
    {
        Assert.Equal("Win-win Deal, sec. 3.3.", XmlDocumentation.Of(typeof(CrossEntropySpec)).Source);
        Assert.StartsWith("Win-win Deal, Table 3", XmlDocumentation.Of(typeof(TrainingSpec)).Source, StringComparison.Ordinal);
        Assert.StartsWith("our own; the heuristics are those of McCoy", XmlDocumentation.Of(typeof(ShortcutNliTask)).Source, StringComparison.Ordinal);
        Assert.Null(XmlDocumentation.Of(typeof(TaskVocabulary)).Source);
    }

    [Fact]
    public void Lines_are_joined() =>
        Assert.DoesNotContain('\n', XmlDocumentation.Of(typeof(ShortcutNliTask).GetProperty(nameof(ShortcutNliTask.Strength))!).Summary);

    [Fact]
    public void An_inherited_comment_is_the_overridden_propertys() => Assert.Equal(
        "What the objective reads beside logits and labels.",
        XmlDocumentation.Of(typeof(CrossEntropySpec).GetProperty(nameof(CrossEntropySpec.Needs))!).Summary);

    [Fact]
    public void A_file_that_is_absent_or_broken_documents_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(XmlDocumentation.Load(Path.Combine(folder.Path, "absent.xml")));
        var broken = Path.Combine(folder.Path, "broken.xml");
        File.WriteAllText(broken, "<doc><members><member name=\"T:A\">");
        Assert.Empty(XmlDocumentation.Load(broken));
        File.WriteAllText(broken, "<doc><members><member name=\"T:A\"/></members></doc>");
        Assert.Single(XmlDocumentation.Load(broken));
    }

    [Fact]
    public void A_type_without_a_comment_is_documented_by_nothing() => Assert.Equal(new XmlDocumentation("", null), XmlDocumentation.Of(typeof(string)));
}
