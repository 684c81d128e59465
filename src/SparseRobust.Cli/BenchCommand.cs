using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Cli;

/// <summary>bench: times the real training loop on random rows, dense and with mask training.</summary>
internal static class BenchCommand
{
    private const int WarmupSteps = 5;

    public static Command Create()
    {
        var layers = SharedOptions.Count("--layers", "Encoder layers.", 4, most: 96);
        var hidden = SharedOptions.Count("--hidden", "Width; heads are 64 wide.", 256, least: 64, most: 16_384);
        var batch = SharedOptions.Count("--batch", "Rows a step.", 32, most: 10_000);
        var length = SharedOptions.Count("--length", "Tokens a row.", 128, least: 5, most: 8192);
        var steps = SharedOptions.Count("--steps", "Steps timed, after 5 of warm-up.", 20, most: 10_000);
        var vocabulary = SharedOptions.Count("--vocabulary", "Rows of the word table.", 30_522, least: 10);
        var precision = new Option<string>("--precision") { Description = "fp32, or bf16: mixed precision.", DefaultValueFactory = _ => "fp32" };
        precision.AcceptOnlyFromAmong("fp32", "bf16");
        var json = SharedOptions.Json();
        var command = new Command("bench", "Time training steps, dense and mask training at 70 %, on random rows.") { layers, hidden, batch, length, steps, vocabulary, precision, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var task = new RandomTokensTask { Rows = (parse.GetValue(steps) + WarmupSteps) * parse.GetValue(batch), Length = parse.GetValue(length), VocabularySize = parse.GetValue(vocabulary) };
            var model = new BertSpec
            {
                NumHiddenLayers = parse.GetValue(layers), HiddenSize = parse.GetValue(hidden), IntermediateSize = 4 * parse.GetValue(hidden),
                NumAttentionHeads = Math.Max(1, parse.GetValue(hidden) / 64), MaxPositionEmbeddings = Math.Max(128, parse.GetValue(length)),
            };
            var training = new TrainingSpec { NumTrainEpochs = 1, PerDeviceTrainBatchSize = parse.GetValue(batch), LearningRate = 1e-4, Bf16 = parse.GetValue(precision) == "bf16" };
            var frame = new RunRecipe { Task = task, Model = model, MaxLength = parse.GetValue(length), Paradigm = new FullModel { FineTuning = training } };
            RuntimeCheck.Print(parse.GetValue(json));
            Time($"dense {parse.GetValue(precision)}", frame, parse.GetValue(json), cancellation);
            Time($"mask training 70 % {parse.GetValue(precision)}", frame with { Paradigm = new WithoutFineTuning { Pruning = new MaskTrainingSpec { Sparsity = 0.7 }, PruningTraining = training } }, parse.GetValue(json), cancellation);
        }));
        return command;
    }

    private static void Time(string name, RunRecipe recipe, bool json, CancellationToken cancellation)
    {
        var root = Directory.CreateTempSubdirectory("sparserobust-bench");
        try
        {
            var clock = new StepClock();
            var options = new LaboratoryOptions(root.FullName, new DatasetFolders([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: int.MaxValue) };
            new Laboratory(options, TimeProvider.System).Run(recipe, 1, clock, cancellation);
            Report(name, recipe, clock.Seconds, json);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void Report(string name, RunRecipe recipe, List<double> seconds, bool json)
    {
        var task = (RandomTokensTask)recipe.Task;
        var timed = seconds.Skip(WarmupSteps).Order().ToList();
        var median = timed[timed.Count / 2];
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var batch = task.Rows / seconds.Count;
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new { name, model = recipe.Model, batch, task.Length, Steps = timed.Count, MedianSeconds = median, MinSeconds = timed[0], MaxSeconds = timed[^1], ExamplesPerSecond = batch / median, PeakBytes = peak }, JsonLines.Options));
        else
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {1000 * median:0.0} ms a step (min {1000 * timed[0]:0.0}, max {1000 * timed[^1]:0.0}, n {timed.Count}), {batch / median:0.0} examples/s, peak {peak / 1048576.0:0} MiB"));
    }

    /// <summary>Collects the time of each step; evaluation and saving lie outside it.</summary>
    private sealed class StepClock : IRunObserver
    {
        public List<double> Seconds { get; } = [];

        public void On(RunEvent runEvent)
        {
            if (runEvent is StepMeasured measured && measured.Values.TryGetValue("train/step_seconds", out var seconds))
                Seconds.Add(seconds);
        }
    }
}
