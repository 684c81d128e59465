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
                      "pruning": {"kind": "mask-training", "sparsity": SPARSITY},
                      "pruning_training": {"objective": {"kind": "product-of-experts"}, "num_train_epochs": 2, "eval_steps": 30, "learning_rate": 1e-3}}}
        """;

    private static readonly string[] PerMachine = ["system/memory_resident_bytes", "train/step_seconds", "train/examples_per_second", "train/tokens_per_second"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sparserobust-kill");

    [Fact]
    public async Task Killed_at_three_random_moments_the_run_ends_with_the_uninterrupted_runs_files()
    {
        var recipe = await WriteRecipe("0.5");
        var expected = await FinishedHashes(recipe, "whole");
        var whole = RunOf("whole");
        var events = JournalLines("whole", whole).Length;
        var random = new Random();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            // Any event of the run: in a training, at an evaluation, between two stages.
            var moment = random.Next(1, events);
            var root = $"killed-{moment}-{attempt}";
            await KillAfterEvents(recipe, root, moment);
            var resumed = await FinishedHashes(recipe, root);
            Assert.True(expected.SequenceEqual(resumed), $"killed after event {moment}: {string.Join(", ", expected)} became {string.Join(", ", resumed)}");
            Assert.Equal(JournalPoints("whole", whole), JournalPoints(root, whole));
        }
    }

    [Fact]
    public async Task Killed_by_turns_two_runs_that_share_a_stage_both_have_its_whole_curve()
    {
        var (half, most) = (await WriteRecipe("0.5"), await WriteRecipe("0.7"));
        await FinishedHashes(half, "half");
        await FinishedHashes(most, "most");
        var random = new Random();
        // The first kill is in the shared fine-tuning (about 90 events) or not far behind; the others fall where they fall, amid repeated events too.
        int[] moments = [random.Next(5, 100), random.Next(1, 160), random.Next(1, 160), random.Next(1, 160)];
        for (var i = 0; i < moments.Length; i++)
            await KillAfterEvents(i % 2 == 0 ? half : most, "turns", moments[i]);
        await FinishedHashes(most, "turns");
        await FinishedHashes(half, "turns");
        foreach (var alone in new[] { "half", "most" })
        {
            var (expected, actual) = (JournalPoints(alone, RunOf(alone)), JournalPoints("turns", RunOf(alone)));
            Assert.True(expected.SequenceEqual(actual), $"{alone}, killed after events {string.Join(", ", moments)}: {string.Join("; ", actual.Except(expected))} for {string.Join("; ", expected.Except(actual))}, {actual.Count} points for {expected.Count}");
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

    private async Task<string> WriteRecipe(string sparsity)
    {
        var path = Path.Combine(_folder.FullName, $"recipe-{sparsity}.json");
        await File.WriteAllTextAsync(path, Recipe.Replace("SPARSITY", sparsity, StringComparison.Ordinal));
        return path;
    }

    /// <summary>(stage, step, name, value) of every measurement but those of time and memory, and (stage, step, scores) of every evaluation: none lost, none doubled.</summary>
    private List<string> JournalPoints(string root, string run)
    {
        var events = JournalLines(root, run).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("sequence").GetInt32()));
        return [.. events.SelectMany(e => e.GetProperty("event").GetString() switch
        {
            "step_measured" => e.GetProperty("values").EnumerateObject().Where(value => !PerMachine.Contains(value.Name)).Select(value => $"{e.GetProperty("stage")} {e.GetProperty("step")} {value.Name} {value.Value.GetRawText()}"),
            "evaluated" => [$"{e.GetProperty("stage")} {e.GetProperty("step")} {e.GetProperty("scores").GetRawText()}"],
            _ => Enumerable.Empty<string>(),
        })];
    }

    private string RunOf(string root) => Path.GetFileName(Directory.GetDirectories(Path.Combine(_folder.FullName, root, "runs")).Single());

    private string[] JournalLines(string root, string run) => File.ReadAllLines(Path.Combine(_folder.FullName, root, "runs", run, "events.jsonl"));
}
