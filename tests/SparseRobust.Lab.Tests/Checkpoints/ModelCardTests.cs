using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelCardTests : IDisposable
{
    private static readonly ModelCard Card = new()
    {
        Name = "srnet \"90\" | mnli",
        Task = "MNLI -> HANS",
        License = "apache-2.0",
        BaseModel = "bert-base-uncased",
        Sparsity = 0.9,
        HasMasks = true,
        Origin = [("run", "r1"), ("recipe", "abc")],
        Results = [new("mnli", "aa11", "validation_matched", "accuracy", 0.84567, 9815, [1]), new("hans", "bb22", "validation", "accuracy", 0.5, 30000, [1, 2])],
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Every_result_has_its_set_split_revision_rows_and_seeds()
    {
        var text = Card.ToMarkdown();
        Assert.StartsWith("""
            ---
            language: ["en"]
            license: "apache-2.0"
            library_name: "transformers"
            base_model: "bert-base-uncased"
            pipeline_tag: "text-classification"
            tags: ["text-classification", "pruning", "sparse"]
            datasets: ["mnli", "hans"]
            metrics: ["accuracy"]
            model-index:
            - name: "srnet \"90\" | mnli"
              results:
              - task: {type: "text-classification", name: "MNLI -> HANS"}
                dataset: {type: "mnli", name: "mnli", split: "validation_matched", revision: "aa11"}
                metrics: [{type: "accuracy", value: 0.8457, name: "accuracy (n = 9815, seed 1)"}]
              - task: {type: "text-classification", name: "MNLI -> HANS"}
                dataset: {type: "hans", name: "hans", split: "validation", revision: "bb22"}
                metrics: [{type: "accuracy", value: 0.5000, name: "accuracy (n = 30000, mean of 2 seeds)"}]
            ---

            # srnet "90" \| mnli

            """.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
        Assert.Contains("| run | r1 |\n| recipe | abc |\n| encoder weights removed | 90.0 % |\n", text, StringComparison.Ordinal);
        Assert.Contains("| hans | validation | accuracy | 0.5000 | 30000 | 1, 2 |\n", text, StringComparison.Ordinal);
        Assert.Contains("masks.safetensors has one bit", text, StringComparison.Ordinal);
        Assert.Contains("One seed says little", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dense_model_without_results_says_so()
    {
        var text = new ModelCard { Name = "m", Task = "t" }.ToMarkdown();
        Assert.Contains("license: \"unknown\"\n", text, StringComparison.Ordinal);
        Assert.Contains("none (dense)", text, StringComparison.Ordinal);
        Assert.Contains("No run has evaluated this model.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("model-index", text, StringComparison.Ordinal);
        Assert.DoesNotContain("base_model", text, StringComparison.Ordinal);
        Assert.DoesNotContain("masks.safetensors", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, 10)]
    [InlineData(0.5, 0)]
    public void A_result_without_rows_or_number_is_not_published(double value, int n)
    {
        Assert.Throws<ArgumentException>(() => (Card with { Results = [new("mnli", "aa", "test", "accuracy", value, n, [1])] }).ToMarkdown());
        Assert.Throws<ArgumentException>(() => (Card with { Results = [new("mnli", "aa", "test", "accuracy", 0.5, 10, [])] }).ToMarkdown());
    }

    [Fact]
    public void A_line_break_in_a_name_does_not_break_the_header_or_the_table()
    {
        var text = (Card with { Name = "a\nlicense: mit\n---" }).ToMarkdown();
        Assert.Contains("- name: \"a\\nlicense: mit\\n---\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\n# a license: mit ---\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Count(line => line == "---"));
    }

    [Fact]
    public void It_lies_in_the_models_folder()
    {
        Card.Save(_folder.Path);
        Assert.Equal(Card.ToMarkdown(), File.ReadAllText(_folder.File("README.md")));
    }

    public void Dispose() => _folder.Dispose();
}
