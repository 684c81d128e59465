using System.IO.Compression;
using System.Text.Json;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Cli.Tests;

public class CommandTests
{
    [Fact]
    public async Task Presets_lists_the_named_experiments()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("presets", "--json");
        Assert.Equal(0, exitCode);
        var names = JsonDocument.Parse(output).RootElement.EnumerateArray().Select(preset => preset.GetProperty("name").GetString()).ToList();
        Assert.Contains("quickstart/shortcut-nli", names);
        Assert.Contains("srnets/small-mnli-hans", names);
    }

    [Fact]
    public async Task Check_names_the_stages_and_starts_nothing()
    {
        var root = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (exitCode, output, _) = await CommandLine.RunAsync("check", "quickstart/shortcut-nli", "--out", root, "--json");
        Assert.Equal(0, exitCode);
        var first = JsonDocument.Parse(output.Split('\n')[0]).RootElement;
        Assert.Equal(["fine-tune", "evaluate fine-tune"], first.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()));
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task Data_lists_the_built_in_task_without_any_folder()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("data", "--json");
        Assert.Equal(0, exitCode);
        Assert.Contains("shortcut-nli", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_names_what_is_missing_in_one_line_and_each_dataset_once()
    {
        var (exitCode, output, error) = await CommandLine.RunAsync(new Dictionary<string, string> { ["SPARSEROBUST_DATA"] = "" }, "data");
        Assert.True(exitCode == 0, error);
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(lines, line => line.StartsWith("shortcut-nli", StringComparison.Ordinal));
        Assert.Contains("mnli train, dev_matched, dev_mismatched; hans evaluation, train; qqp train, dev;", Assert.Single(lines, line => line.StartsWith("Not found: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("Looked for", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_imported_from_its_folder_and_from_an_archive_and_a_name_stays_with_its_model()
    {
        var folder = Directory.CreateTempSubdirectory("sparserobust-model-").FullName;
        var bert = Directory.CreateDirectory(Path.Combine(folder, "bert")).FullName;
        foreach (var name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(Fixtures(), "bert", name), Path.Combine(bert, name));
        await File.WriteAllTextAsync(Path.Combine(bert, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Concat(Enumerable.Range(5, 19).Select(i => $"w{i}\n")));
        var root = Path.Combine(folder, "lab");
        var (exitCode, output, error) = await CommandLine.RunAsync("import-model", "--folder", bert, "--name", "tiny", "--out", root, "--json");
        Assert.True(exitCode == 0, error);
        Assert.Equal(24, JsonDocument.Parse(output).RootElement.GetProperty("model").GetProperty("vocabulary_size").GetInt32());
        Assert.True(File.Exists(Path.Combine(root, "models", "tiny", "import.json")));
        ZipFile.CreateFromDirectory(bert, Path.Combine(folder, "bert.zip"), CompressionLevel.Fastest, includeBaseDirectory: true);
        Assert.Equal(0, (await CommandLine.RunAsync("import-model", "--archive", Path.Combine(folder, "bert.zip"), "--name", "tiny", "--out", root)).ExitCode);
        await File.WriteAllTextAsync(Path.Combine(bert, "README.md"), "# Another");
        (exitCode, _, error) = await CommandLine.RunAsync("import-model", "--folder", bert, "--name", "tiny", "--out", root);
        Assert.Equal(4, exitCode);
        Assert.Contains("another model", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(root, "models", ".imports")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Baseline_has_a_line_for_every_task_of_GLUE_and_says_which_dev_sets_are_missing()
    {
        var folder = Directory.CreateTempSubdirectory("sparserobust-baseline-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "RTE"));
        await File.WriteAllTextAsync(Path.Combine(folder, "RTE", "dev.tsv"), "index\tsentence1\tsentence2\tlabel\n0\ta\tb\tentailment\n1\tc\td\tnot_entailment\n2\te\tf\tnot_entailment\n");
        var (exitCode, output, error) = await CommandLine.RunAsync("baseline", "--data", folder, "--json");
        Directory.Delete(folder, recursive: true);
        Assert.True(exitCode == 0, error);
        var tasks = JsonDocument.Parse(output).RootElement.EnumerateArray().ToDictionary(score => score.GetProperty("task").GetString()!);
        Assert.Equal(["cola", "sst2", "mrpc", "stsb", "qqp", "mnli", "qnli", "rte", "wnli"], tasks.Keys);
        Assert.Equal((2.0 / 3, 3, "not_entailment"), (tasks["rte"].GetProperty("value").GetDouble(), tasks["rte"].GetProperty("n").GetInt32(), tasks["rte"].GetProperty("guess").GetString()));
    }

    [Fact]
    public async Task Bias_scores_every_set_beside_the_majority_and_writes_nothing()
    {
        var (exitCode, output, error) = await CommandLine.RunAsync("bias", "quickstart/shortcut-nli", "--json");
        Assert.True(exitCode == 0, error);
        var scores = JsonDocument.Parse(output).RootElement.GetProperty("scores").EnumerateArray().ToList();
        foreach (var split in new[] { "train", "dev", "ood", "ood-reversed" })
            Assert.Equal(
                ["accuracy", "majority_accuracy", "balanced_accuracy", "two_class_accuracy", "two_class_majority_accuracy", "two_class_balanced_accuracy", "two_class_auc"],
                scores.Where(score => score.GetProperty("split").GetString() == split && score.GetProperty("slice").GetString() == "all").Select(score => score.GetProperty("metric").GetString()));
        Assert.Contains("two-class majority", (await CommandLine.RunAsync("bias", "quickstart/shortcut-nli")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corpus_makes_a_file_once_and_says_what_it_holds()
    {
        var folder = Directory.CreateTempSubdirectory("sparserobust-corpus-").FullName;
        string[] command = ["corpus", "--text", Path.Combine(folder, "text"), "--vocabulary", Path.Combine(folder, "vocab.txt"), "--output", Path.Combine(folder, "out"), "--length", "8"];
        await File.WriteAllTextAsync(Path.Combine(folder, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\n");
        Assert.Equal(3, (await CommandLine.RunAsync(command)).ExitCode);
        await File.WriteAllTextAsync(Path.Combine(folder, "text"), "a b\nab c\n\nb\n");
        var first = await CommandLine.RunAsync([.. command, "--json"]);
        var second = await CommandLine.RunAsync(command);
        Directory.Delete(folder, recursive: true);
        Assert.True(first.ExitCode == 0, first.Error);
        var made = JsonDocument.Parse(first.Output).RootElement;
        var report = made.GetProperty("report");
        Assert.True(made.GetProperty("was_made").GetBoolean());
        Assert.Equal([2, 3, 6, 5, 1], new[] { "documents", "sentences", "tokens", "words", "unknown_tokens" }.Select(name => report.GetProperty(name).GetInt32()));
        Assert.StartsWith("2 documents, 3 sentences, 6 tokens; 16.667 % of them [UNK]; 1.200 pieces a word.", second.Output, StringComparison.Ordinal);
        Assert.Contains("It was there", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vocabulary_learns_from_a_text_and_says_how_it_cuts_it_up()
    {
        var folder = Directory.CreateTempSubdirectory("sparserobust-vocabulary-").FullName;
        var corpus = Path.Combine(folder, "corpus.txt");
        await File.WriteAllTextAsync(corpus, "The cat sat.\n\nThe cats sat.\n");
        var (exitCode, output, error) = await CommandLine.RunAsync("vocabulary", "--corpus", corpus, "--size", "40", "--output", folder, "--json");
        var tokens = exitCode == 0 ? await File.ReadAllLinesAsync(Path.Combine(folder, "vocab.txt")) : [];
        var isWhole = File.Exists(Path.Combine(folder, "tokenizer.json"));
        Directory.Delete(folder, recursive: true);
        Assert.True(exitCode == 0 && isWhole, error);
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "a"], tokens.Take(7));
        Assert.Contains("cat", tokens);
        var figures = JsonDocument.Parse(output).RootElement;
        // the, cat, sat and the full stop are pieces; "cats" is cat ##s.
        Assert.Equal((8, 9, 0), (figures.GetProperty("words").GetInt32(), figures.GetProperty("pieces").GetInt32(), figures.GetProperty("unknown_words").GetInt32()));
        Assert.Equal(tokens.Length, figures.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Vocabulary_names_a_text_that_is_not_there()
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("vocabulary", "--corpus", "nowhere.txt.gz", "--output", "unwritten");
        Assert.Equal(3, exitCode);
        Assert.Contains("nowhere.txt.gz", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dense", "dense")]
    [InlineData("mask", "mask training 70 %")]
    public async Task Bench_reports_every_step_of_the_training_asked_for(string training, string name)
    {
        string[] small = ["bench", "--layers", "1", "--hidden", "64", "--batch", "4", "--length", "12", "--vocabulary", "50", "--steps", "2", "--warmup", "1", "--spread", "0.5", "--training", training, "--json"];
        var (exitCode, output, error) = await CommandLine.RunAsync(small);
        Assert.True(exitCode == 0, error);
        var bench = JsonDocument.Parse(output).RootElement;
        Assert.Equal(name, bench.GetProperty("name").GetString());
        Assert.Equal(0, bench.GetProperty("live_tensors").GetInt64());
        foreach (var series in new[] { "step_seconds", "losses", "resident_bytes" })
        {
            Assert.Equal(3, bench.GetProperty(series).GetArrayLength());
            Assert.All(bench.GetProperty(series).EnumerateArray(), value => Assert.True(value.GetDouble() > 0));
        }
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("bench", "--steps", "0")]
    [InlineData("bench", "--training", "sparse")]
    [InlineData("bench", "--spread", "1.5")]
    [InlineData("bench", "--precision", "fp16")]
    [InlineData("vocabulary", "--corpus", "text.txt")]
    [InlineData("run")]
    [InlineData("corpus", "--text", "text")]
    [InlineData("import-model", "--name", "tiny")]
    [InlineData("import-model", "--name", "../tiny", "--folder", "tiny")]
    public async Task A_command_line_that_cannot_be_read_ends_with_2(params string[] arguments) =>
        Assert.Equal(2, (await CommandLine.RunAsync(arguments)).ExitCode);

    [Fact]
    public void Every_problem_code_has_a_documented_exit_code()
    {
        foreach (var code in Enum.GetValues<ProblemCode>())
            Assert.InRange(ExitCode.Of(code), 1, 10);
    }

    private static string Fixtures()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "Fixtures")))
                return Path.Combine(folder.FullName, "tests", "Fixtures");
        throw new DirectoryNotFoundException($"No tests/Fixtures above {AppContext.BaseDirectory}.");
    }
}
