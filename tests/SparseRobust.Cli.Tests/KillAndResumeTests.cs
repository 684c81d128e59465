using System.Security.Cryptography;
using System.Text.Json;

namespace SparseRobust.Cli.Tests;

/// <summary>Real processes, killed with -9 in the middle of training.</summary>
public sealed class KillAndResumeTests : IDisposable
{
    private const string Recipe = """
        {"task": {"kind": "shortcut-nli", "train_rows": 1200, "evaluation_rows": 120}, "max_length": 64,
         "model": {"kind": "bert", "hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 64, "max_position_embeddings": 64},
         "paradigm": {"kind": "after-fine-tuning", "fine_tuning": {"num_train_epochs": 2, "eval_steps": 30, "learning_rate": 1e-3},
                      "pruning": {"kind": "mask-training", "sparsity": 0.5},
                      "pruning_training": {"objective": {"kind": "product-of-experts"}, "num_train_epochs": 2, "eval_steps": 30, "learning_rate": 1e-3}}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sparserobust-kill");

    [Fact]
    public async Task Killed_at_three_random_moments_the_run_ends_with_the_uninterrupted_runs_files()
    {
        var recipe = Path.Combine(_folder.FullName, "recipe.json");
        await File.WriteAllTextAsync(recipe, Recipe);
        var expected = await FinishedHashes(recipe, "whole");
        var events = JournalLines("whole").Length;
        var random = new Random();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            // Any event of the run: in a training, at an evaluation, between two stages.
            var moment = random.Next(1, events);
            var root = $"killed-{moment}-{attempt}";
            await KillAfterEvents(recipe, root, moment);
            var resumed = await FinishedHashes(recipe, root);
            Assert.True(expected.SequenceEqual(resumed), $"killed after event {moment}: {string.Join(", ", expected)} became {string.Join(", ", resumed)}");
            Assert.Equal(JournalPoints("whole"), JournalPoints(root));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task KillAfterEvents(string recipe, string root, int events)
    {
        using var command = CommandLine.Start("run", recipe, "--out", Path.Combine(_folder.FullName, root), "--json", "--logging-steps", "1", "--save-steps", "10");
        while (await command.Output.ReadLineAsync() is { } line)
            if (line.Contains("\"sequence\"", StringComparison.Ordinal) && --events == 0)
                break;
        await command.KillAsync();
    }

    private async Task<List<string>> FinishedHashes(string recipe, string root)
    {
        var folder = Path.Combine(_folder.FullName, root);
        var (exitCode, output, error) = await CommandLine.RunAsync("run", recipe, "--out", folder, "--json", "--logging-steps", "1", "--save-steps", "10");
        Assert.True(exitCode == 0, $"exit code {exitCode}: {error}{output[^Math.Min(output.Length, 2000)..]}");
        return [.. Directory.GetFiles(folder, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(folder, path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}")];
    }

    /// <summary>(stage, step, loss) of every journalled measurement: none lost, none doubled.</summary>
    private List<string> JournalPoints(string root)
    {
        var events = JournalLines(root).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("sequence").GetInt32()));
        return [.. events.Where(e => e.GetProperty("event").GetString() == "step_measured" && e.GetProperty("values").TryGetProperty("train/loss", out _))
            .Select(e => $"{e.GetProperty("stage")} {e.GetProperty("step")} {e.GetProperty("values").GetProperty("train/loss").GetRawText()}")];
    }

    private string[] JournalLines(string root) =>
        File.ReadAllLines(Directory.GetFiles(Path.Combine(_folder.FullName, root, "runs"), "events.jsonl", SearchOption.AllDirectories).Single());
}
