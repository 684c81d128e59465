using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Cli;

/// <summary>Runs a recipe in a folder of its own and prints what its training steps took.</summary>
internal sealed class TrainingBench(string device, int warmupSteps, bool json)
{
    public void Time(string name, RunRecipe recipe, CancellationToken cancellation)
    {
        var root = Directory.CreateTempSubdirectory("sparserobust-bench");
        try
        {
            var clock = new StepClock();
            var options = new LaboratoryOptions(root.FullName, new DatasetFolders([]))
            {
                Device = device,
                Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: int.MaxValue),
            };
            using var laboratory = new Laboratory(options, TimeProvider.System);
            laboratory.Run(recipe, 1, clock, cancellation);
            Report(name, recipe, clock);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private void Report(string name, RunRecipe recipe, StepClock clock)
    {
        var task = (RandomTokensTask)recipe.Task;
        var timed = clock.Seconds.Skip(warmupSteps).Order().ToList();
        var median = timed[timed.Count / 2];
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var batch = task.Rows / clock.Seconds.Count;
        if (!json)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {1000 * median:0.0} ms a step (min {1000 * timed[0]:0.0}, max {1000 * timed[^1]:0.0}, n {timed.Count}), {batch / median:0.0} examples/s, peak {peak / 1048576.0:0} MiB"));
            return;
        }
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                name, model = recipe.Model, batch, task.Length, Steps = timed.Count, WarmupSteps = warmupSteps, device, engine = Engine.Report().Summary,
                MedianSeconds = median, MinSeconds = timed[0], MaxSeconds = timed[^1], ExamplesPerSecond = batch / median, TokensPerSecond = task.LengthSpread == 0 ? batch * task.Length / median : (double?)null,
                PeakBytes = peak, clock.PeakDeviceBytes, Engine.LiveTensors, StepSeconds = clock.Seconds, clock.Losses, clock.ResidentBytes,
            },
            JsonLines.Options));
    }

    /// <summary>Collects what each step reports; evaluation and saving lie outside its time.</summary>
    private sealed class StepClock : IRunObserver
    {
        public List<double> Seconds { get; } = [];

        public List<double> Losses { get; } = [];

        public List<double> ResidentBytes { get; } = [];

        /// <summary>Of the GPU's memory; null on the processor.</summary>
        public double? PeakDeviceBytes { get; private set; }

        public void On(RunEvent runEvent)
        {
            if (runEvent is not StepMeasured measured || !measured.Values.TryGetValue("train/step_seconds", out var seconds))
                return;
            Seconds.Add(seconds);
            Losses.Add(measured.Values["train/loss"]);
            ResidentBytes.Add(measured.Values["system/memory_resident_bytes"]);
            if (measured.Values.TryGetValue("system/device_memory_peak_bytes", out var peak))
                PeakDeviceBytes = peak;
        }
    }
}
