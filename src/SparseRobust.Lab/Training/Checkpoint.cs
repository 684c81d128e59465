using System.Globalization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Training;

/// <summary>Everything a training needs to go on bit-exactly: trainable weights, mask scores and thresholds, what the objective learns, optimiser moments, random state, and the choice so far.</summary>
/// <remarks>One file, replaced atomically. The best weights lie in a second file named after their step, which is always written before the checkpoint that names it.</remarks>
internal sealed class Checkpoint : IDisposable
{
    private const string FileName = "checkpoint.safetensors";
    private const string BestPrefix = "best-";
    private readonly TrainingInputs _inputs;
    private readonly IReadOnlyList<(string Name, Generator Generator)> _generators;
    private readonly IReadOnlyList<(string Name, Tensor Tensor)> _trained;

    public Checkpoint(TrainingInputs inputs, Generator generator)
    {
        _inputs = inputs;
        _generators = Engine.GeneratorOf(inputs.Device) is { } device ? [("random_state", generator), ("random_state_device", device)] : [("random_state", generator)];
        List<(string Name, Parameter Parameter)> trainable =
            [.. inputs.Workload.Model.named_parameters().Where(entry => entry.parameter.requires_grad).Select(entry => ($"model.{entry.name}", entry.parameter))];
        List<(string Name, Tensor Tensor)> buffers = [];
        foreach (var (owner, state) in new[] { ("pruning", inputs.Pruning?.Method.State), ("objective", inputs.Workload.State) })
        {
            trainable.AddRange(state?.named_parameters().Select(entry => ($"{owner}.{entry.name}", entry.parameter)) ?? []);
            buffers.AddRange(state?.named_buffers().Select(entry => ($"{owner}.{entry.name}", entry.buffer)) ?? []);
        }
        Optimizer = new Optimizer(trainable, inputs.Spec);
        _trained = [.. trainable.Select(entry => (entry.Name, (Tensor)entry.Parameter)), .. buffers];
    }

    public Optimizer Optimizer { get; }

    public int BestStep { get; private set; }

    public double BestMetric { get; private set; } = double.NegativeInfinity;

    private string FilePath => Path.Combine(_inputs.WorkFolder, FileName);

    private string BestPath => Path.Combine(_inputs.WorkFolder, $"{BestPrefix}{BestStep}.safetensors");

    /// <summary>Loads the checkpoint of an earlier attempt; the number of updates already done, 0 when there is none.</summary>
    public int Restore()
    {
        if (!File.Exists(FilePath))
            return 0;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var file = TensorFile.Open(FilePath);
        foreach (var (name, tensor) in _trained)
            file.CopyInto(name, tensor);
        Optimizer.Restore(file);
        foreach (var (name, generator) in _generators)
            generator.set_state(file.Read(name));
        BestStep = int.Parse(file.Metadata["best_step"], CultureInfo.InvariantCulture);
        BestMetric = double.Parse(file.Metadata["best_metric"], CultureInfo.InvariantCulture);
        return int.Parse(file.Metadata["step"], CultureInfo.InvariantCulture);
    }

    public void Save(int step)
    {
        _inputs.Journal.Sync();
        using var scope = NewDisposeScope();
        var tensors = _trained.Concat(Optimizer.State()).Concat(_generators.Select(entry => (entry.Name, entry.Generator.get_state())));
        TensorFile.Save(FilePath, tensors, new Dictionary<string, string>
        {
            ["step"] = step.ToString(CultureInfo.InvariantCulture),
            ["best_step"] = BestStep.ToString(CultureInfo.InvariantCulture),
            ["best_metric"] = BestMetric.ToString("R", CultureInfo.InvariantCulture),
            ["run_id"] = _inputs.RunId,
            ["journal_sequence"] = _inputs.Journal.RunSequence.ToString(CultureInfo.InvariantCulture),
            ["stage_sequence"] = _inputs.Journal.StageSequence.ToString(CultureInfo.InvariantCulture),
        });
        foreach (var stale in BestFiles(_inputs.WorkFolder).Where(path => path != BestPath))
            File.Delete(stale);
    }

    /// <summary>Keeps the current weights when they are better than the best so far; earlier wins ties.</summary>
    public bool OfferBest(int step, double metric)
    {
        if (!(metric > BestMetric))
            return false;
        (BestStep, BestMetric) = (step, metric);
        TensorFile.Save(BestPath, _trained, new Dictionary<string, string> { ["step"] = step.ToString(CultureInfo.InvariantCulture) });
        return true;
    }

    public void RestoreBest()
    {
        using var noGrad = no_grad();
        using var file = TensorFile.Open(BestPath);
        foreach (var (name, tensor) in _trained)
            file.CopyInto(name, tensor);
    }

    /// <summary>Where the journals stood when the checkpoint in this folder was written; null when there is none.</summary>
    public static JournalPosition? Position(string workFolder)
    {
        var path = Path.Combine(workFolder, FileName);
        if (!File.Exists(path))
            return null;
        using var file = TensorFile.Open(path);
        var metadata = file.Metadata;
        return new JournalPosition(
            metadata["run_id"],
            long.Parse(metadata["journal_sequence"], CultureInfo.InvariantCulture),
            metadata.TryGetValue("stage_sequence", out var sequence) ? long.Parse(sequence, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Whether a file belongs to a training under way rather than to its stage's output.</summary>
    public static bool IsCheckpointFile(string path) =>
        Path.GetFileName(path) is var name && (name == FileName || name.StartsWith(BestPrefix, StringComparison.Ordinal));

    /// <summary>Deletes the files of a training that has ended; the stage's output replaces them.</summary>
    public static void Discard(string workFolder)
    {
        File.Delete(Path.Combine(workFolder, FileName));
        foreach (var path in BestFiles(workFolder))
            File.Delete(path);
    }

    public void Dispose() => Optimizer.Dispose();

    private static string[] BestFiles(string workFolder) => Directory.GetFiles(workFolder, $"{BestPrefix}*.safetensors");
}
