using System.Diagnostics;
using SparseRobust.Lab;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Training;

namespace SparseRobust.Benchmarks;

/// <summary>What padding costs the fine-tuning of a preset's first recipe: tokens exactly, over all its epochs; processor time over the first steps of the real trainer.</summary>
/// <remarks>Processor time of the whole process rather than time on the clock, so that neighbours on the machine count less.</remarks>
internal static class PaddingBenchmark
{
    private const int WarmupSteps = 5;
    private const int TimedSteps = 40;
    private const int Repetitions = 2;
    private const long Seed = 1;

    private static readonly (string Name, Func<TrainingSpec, TrainingSpec> Of)[] Variants =
    [
        ("longest", training => training with { Padding = Padding.Longest, GroupByLengthBatches = 0 }),
        ("max_length", training => training with { Padding = Padding.MaxLength, GroupByLengthBatches = 0 }),
        ("longest, grouped by 4", training => training with { Padding = Padding.Longest, GroupByLengthBatches = 4 }),
        ("longest, grouped by 50", training => training with { Padding = Padding.Longest, GroupByLengthBatches = 50 }),
    ];

    public static int Run(IReadOnlyList<string> presets)
    {
        foreach (var name in presets)
        {
            var recipe = PaperRecipes.Find(name)!.Cells[0].Recipe;
            recipe = recipe with { Paradigm = new FullModel { FineTuning = recipe.Paradigm.Parts.FineTuning! } };
            using var materials = (LabelledMaterials)Materials.Load(recipe.Setup, new MaterialSources(DatasetFolders.FromEnvironment([]), new ModelSearch([]), Cache: null), CancellationToken.None);
            var train = materials.Train;
            Console.WriteLine($"{name}: {train.Count:N0} rows, at most {train.MaxLength} tokens, {train.TruncatedRows} cut; mean {train.Rows.Average(row => row.Length):0.00}, longest {train.Rows.Max(row => row.Length)}");
            foreach (var (variant, of) in Variants)
                Console.WriteLine($"  {variant,-24} {Tokens(train, of(TrainingOf(recipe)))}");
            foreach (var speed in Speeds(recipe))
                Console.WriteLine($"  {speed}");
        }
        return 0;
    }

    private static TrainingSpec TrainingOf(RunRecipe recipe) => ((FullModel)recipe.Paradigm).FineTuning;

    private static string Tokens(EncodedDataset train, TrainingSpec training)
    {
        var budget = Budget.Of(train.Count, training.PerDeviceTrainBatchSize, training.NumTrainEpochs);
        int[] lengths = [.. train.Rows.Select(row => row.Length)];
        var grouping = training.GroupByLengthBatches > 0 ? new LengthGrouping(lengths, training.GroupByLengthBatches) : null;
        var order = new DataOrder(train.Count, training.PerDeviceTrainBatchSize, Seed, grouping);
        long computed = 0, real = 0;
        for (var step = 1; step <= budget.TotalSteps; step++)
        {
            int[] rows = order.Batch(new Step(step, budget)).ToArray();
            computed += (long)rows.Length * (training.Padding == Padding.MaxLength ? train.MaxLength : rows.Max(row => lengths[row]));
            real += rows.Sum(row => (long)lengths[row]);
        }
        return $"{budget.TotalSteps:N0} steps, {computed:N0} tokens computed, {computed - real:N0} padding, {100.0 * (computed - real) / computed:0.00} %";
    }

    // The variants take turns, so that a neighbour's load meets all of them.
    private static IEnumerable<string> Speeds(RunRecipe recipe)
    {
        var speeds = Variants.ToDictionary(variant => variant.Name, _ => new List<double>());
        for (var repetition = 0; repetition < Repetitions; repetition++)
            foreach (var (name, of) in Variants)
                speeds[name].Add(Speed(recipe with { Paradigm = new FullModel { FineTuning = of(TrainingOf(recipe)) } }));
        return speeds.Select(entry => $"{entry.Key,-24} examples per second of processor time: {string.Join(", ", entry.Value.Select(value => value.ToString("0")))}");
    }

    private static double Speed(RunRecipe recipe)
    {
        var root = Directory.CreateTempSubdirectory("sparserobust-padding");
        try
        {
            using var enough = new CancellationTokenSource();
            var clock = new StepClock(enough);
            var options = new LaboratoryOptions(root.FullName, DatasetFolders.FromEnvironment([])) { Cadence = new TrainingCadence(LoggingSteps: 1, SaveSteps: int.MaxValue) };
            try
            {
                using var laboratory = new Laboratory(options, TimeProvider.System);
                laboratory.Run(recipe, Seed, clock, enough.Token);
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                return TimedSteps * TrainingOf(recipe).PerDeviceTrainBatchSize / clock.Spent.TotalSeconds;
            }
            throw new InvalidOperationException("the training ended before it was timed");
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private sealed class StepClock(CancellationTokenSource enough) : IRunObserver
    {
        private TimeSpan _start;

        public TimeSpan Spent { get; private set; }

        public void On(RunEvent runEvent)
        {
            if (runEvent is not StepMeasured measured)
                return;
            using var process = Process.GetCurrentProcess();
            if (measured.Step == WarmupSteps)
                _start = process.TotalProcessorTime;
            if (measured.Step != WarmupSteps + TimedSteps)
                return;
            Spent = process.TotalProcessorTime - _start;
            enough.Cancel();
        }
    }
}
