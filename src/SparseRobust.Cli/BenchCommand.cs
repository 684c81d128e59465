using System.CommandLine;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Training;

namespace SparseRobust.Cli;

/// <summary>bench: times the real training loop on random rows, dense and with mask training.</summary>
internal static class BenchCommand
{
    private static readonly string[] Trainings = ["both", "dense", "mask"];

    public static Command Create()
    {
        var layers = SharedOptions.Count("--layers", "Encoder layers.", 4, most: 96);
        var hidden = SharedOptions.Count("--hidden", "Width; heads are 64 wide.", 256, least: 64, most: 16_384);
        var batch = SharedOptions.Count("--batch", "Rows a step.", 32, most: 10_000);
        var length = SharedOptions.Count("--length", "Tokens a row.", 128, least: 5, most: 8192);
        var spread = Share("--spread", "How much shorter rows may be, 0 to 1; most are then short and few long.", 0);
        var steps = SharedOptions.Count("--steps", "Steps timed, after those of warm-up.", 20, most: 10_000);
        var warmup = SharedOptions.Count("--warmup", "Steps of warm-up.", 5, least: 0, most: 10_000);
        var vocabulary = SharedOptions.Count("--vocabulary", "Rows of the word table.", 30_522, least: 10);
        var dropout = Share("--dropout", "Dropout everywhere, 0 to 0.99.", 0.1, most: 0.99);
        var training = new Option<string>("--training") { Description = "dense, mask (at 70 %) or both.", DefaultValueFactory = _ => Trainings[0] }.AcceptOnlyFromAmong(Trainings);
        var precision = new Option<string>("--precision") { Description = "fp32, or bf16: mixed precision.", DefaultValueFactory = _ => "fp32" }.AcceptOnlyFromAmong("fp32", "bf16");
        var device = new Option<string>("--device") { Description = "cpu, or cuda:N.", DefaultValueFactory = _ => "cpu" };
        var json = SharedOptions.Json();
        var command = new Command("bench", "Time training steps, dense and mask training at 70 %, on random rows.") { layers, hidden, batch, length, spread, steps, warmup, vocabulary, dropout, training, precision, device, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var rows = (parse.GetValue(steps) + parse.GetValue(warmup)) * parse.GetValue(batch);
            var task = new RandomTokensTask { Rows = rows, Length = parse.GetValue(length), VocabularySize = parse.GetValue(vocabulary), LengthSpread = parse.GetValue(spread) };
            var model = new BertSpec
            {
                NumHiddenLayers = parse.GetValue(layers), HiddenSize = parse.GetValue(hidden), IntermediateSize = 4 * parse.GetValue(hidden),
                NumAttentionHeads = Math.Max(1, parse.GetValue(hidden) / 64), MaxPositionEmbeddings = Math.Max(128, parse.GetValue(length)),
                HiddenDropoutProb = parse.GetValue(dropout), AttentionProbsDropoutProb = parse.GetValue(dropout),
            };
            var spec = new TrainingSpec { NumTrainEpochs = 1, PerDeviceTrainBatchSize = parse.GetValue(batch), LearningRate = 1e-4, EvalSteps = 1_000_000_000, Bf16 = parse.GetValue(precision) == "bf16" };
            var frame = new RunRecipe { Task = task, Model = model, MaxLength = parse.GetValue(length), Paradigm = new FullModel { FineTuning = spec } };
            var bench = new TrainingBench(parse.GetValue(device)!, parse.GetValue(warmup), parse.GetValue(json));
            RuntimeCheck.Print(parse.GetValue(json));
            if (parse.GetValue(training) != "mask")
                bench.Time("dense", frame, cancellation);
            if (parse.GetValue(training) != "dense")
                bench.Time("mask training 70 %", frame with { Paradigm = new WithoutFineTuning { Pruning = new MaskTrainingSpec { Sparsity = 0.7 }, PruningTraining = spec } }, cancellation);
        }));
        return command;
    }

    private static Option<double> Share(string name, string description, double fallback, double most = 1)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is var value && !(value >= 0 && value <= most))
                result.AddError($"{name} is {value}; give a number from 0 to {most}.");
        });
        return option;
    }
}
