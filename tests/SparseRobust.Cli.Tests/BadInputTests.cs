using System.Text.Json;

namespace SparseRobust.Cli.Tests;

/// <summary>What a user gets for a mistake: the problem's code, a message that names the field or file, and the documented exit code.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Shortcut = """{"task": {"kind": "shortcut-nli"}, "paradigm": {"kind": "full-model"}}""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sparserobust-bad");

    [Fact]
    public async Task All_faults_of_a_recipe_are_listed_at_once()
    {
        var problem = await Problem(2, """{"task": {"kind": "shortcut-nli"}, "paradgm": 1, "paradigm": {"kind": "after-fine-tuning", "pruning": {"kind": "magnitude", "sparsity": 1.2, "global": true}}}""");
        Assert.Equal("RecipeInvalid", problem.GetProperty("problem").GetString());
        Assert.Equal(["$.paradgm", "$.paradigm.pruning.global", "$.paradigm.pruning.sparsity"], Paths(problem));
    }

    [Fact]
    public async Task An_output_folder_that_is_a_file_is_refused()
    {
        Write("out", "a file");
        var problem = await Problem(10, Shortcut);
        Assert.Equal("FileInaccessible", problem.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task A_program_whose_shim_was_never_built_names_the_command_that_builds_it()
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(file => !file.EndsWith(".so", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        var (exitCode, _, error) = await CommandLine.RunCopyAsync(_folder.FullName, "bench");
        Assert.Equal(7, exitCode);
        Assert.StartsWith("DeviceUnavailable: LibTorch cannot be loaded: ", error, StringComparison.Ordinal);
        Assert.Contains($"build/native.sh {_folder.FullName}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_that_is_a_folder_is_refused_without_a_stack_trace()
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("check", _folder.FullName);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_named_twice_is_refused()
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("check", "quickstart/shortcut-nli", "--seeds", "1,2,1");
        Assert.Equal(2, exitCode);
        Assert.Contains("names 1 twice", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_dataset_is_named_with_the_folders_searched()
    {
        var problem = await Problem(3, """{"task": {"kind": "mnli-hans"}, "vocabulary": {"kind": "file", "path": "vocab.txt"}, "paradigm": {"kind": "full-model"}}""");
        Assert.Equal("DatasetMissing", problem.GetProperty("problem").GetString());
        Assert.Contains("SPARSEROBUST_DATA", problem.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_with_broken_lines_is_refused_with_their_numbers()
    {
        Write("MNLI/train.tsv", "index\tpromptID\n1\tbroken\n2\tbroken\n");
        var problem = await Problem(3, """{"task": {"kind": "mnli-hans"}, "vocabulary": {"kind": "file", "path": "vocab.txt"}, "paradigm": {"kind": "full-model"}}""");
        Assert.Equal("DatasetInvalid", problem.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task A_vocabulary_without_sep_is_refused_by_name()
    {
        Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[MASK]\na\n");
        var problem = await Problem(3, """{"task": {"kind": "shortcut-nli", "train_rows": 600, "evaluation_rows": 120}, "vocabulary": {"kind": "file", "path": "vocab.txt"}, "paradigm": {"kind": "full-model"}}""");
        Assert.Equal("TokenizerInvalid", problem.GetProperty("problem").GetString());
        Assert.Contains("[SEP]", problem.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_over_the_length_is_refused()
    {
        var problem = await Problem(5, Shortcut.Replace("}}", "}, \"max_length\": 6}", StringComparison.Ordinal));
        Assert.Equal("InputTooLong", problem.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task A_truncated_model_of_an_earlier_stage_is_found()
    {
        var recipe = """
            {"task": {"kind": "shortcut-nli", "train_rows": 600, "evaluation_rows": 120}, "max_length": 64,
             "model": {"kind": "bert", "hidden_size": 16, "intermediate_size": 32, "max_position_embeddings": 64},
             "paradigm": {"kind": "full-model", "fine_tuning": {"num_train_epochs": 1}}}
            """;
        var (first, _, error) = await Run(recipe);
        Assert.True(first == 0, error);
        var model = Directory.GetFiles(_folder.FullName, "model.safetensors", SearchOption.AllDirectories).Single();
        using (var file = File.OpenWrite(model))
            file.SetLength(file.Length / 2);
        var problem = await Problem(4, recipe.Replace("""{"kind": "full-model",""", """{"kind": "after-fine-tuning", "pruning": {"kind": "magnitude", "sparsity": 0.5},""", StringComparison.Ordinal));
        Assert.Equal("ArtifactCorrupt", problem.GetProperty("problem").GetString());
        Assert.Contains("model.safetensors", problem.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_preset_lists_those_there_are()
    {
        var (exitCode, _, error) = await CommandLine.RunAsync("check", "srnets/fig99");
        Assert.Equal(2, exitCode);
        Assert.Contains("quickstart/shortcut-nli", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_refused()
    {
        var recipe = Path.Combine(_folder.FullName, "recipe.json");
        await File.WriteAllTextAsync(recipe, """{"task": {"kind": "shortcut-nli", "train_rows": 600, "evaluation_rows": 120}, "paradigm": {"kind": "full-model"}}""");
        var (exitCode, output, _) = await CommandLine.RunAsync("run", recipe, "--out", Path.Combine(_folder.FullName, "out"), "--json", "--device", "cuda:99");
        Assert.Equal(7, exitCode);
        Assert.Contains("DeviceUnavailable", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<JsonElement> Problem(int expectedExitCode, string recipe)
    {
        var (exitCode, output, error) = await Run(recipe);
        Assert.True(exitCode == expectedExitCode, $"exit code {exitCode}: {output}{error}");
        Assert.Empty(Directory.GetFiles(_folder.FullName, "result.json", SearchOption.AllDirectories).Skip(expectedExitCode == 4 ? 1 : 0));
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    private async Task<(int ExitCode, string Output, string Error)> Run(string recipe)
    {
        var path = Path.Combine(_folder.FullName, "recipe.json");
        await File.WriteAllTextAsync(path, recipe);
        return await CommandLine.RunAsync("run", path, "--out", Path.Combine(_folder.FullName, "out"), "--data", _folder.FullName, "--json");
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static List<string> Paths(JsonElement problem) =>
        [.. problem.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("path").GetString()!).Order(StringComparer.Ordinal)];
}
