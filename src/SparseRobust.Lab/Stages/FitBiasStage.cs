using System.Text.Json;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Stages;

/// <summary>Fits the bias model on the training rows, writes its (out-of-fold) log-probabilities for them, those for every set that models are evaluated on, and a
/// report of how well it does where.</summary>
/// <remarks>An imported bias model knows the training rows only: there is no file for the other sets. Neither is there one in the output of versions before those files.</remarks>
public sealed record FitBiasStage : StageSpec
{
    internal const string FileName = "bias_log_probs.npy";

    /// <summary>The bias model.</summary>
    public required BiasSpec Bias { get; init; }

    /// <inheritdoc/>
    public override string Name => "fit-bias";

    /// <inheritdoc/>
    public override IReadOnlyList<StageSpec> Inputs => [];

    /// <inheritdoc/>
    public override bool UsesSeed => false;

    internal override bool ReadsBiasSource => Bias.SourcePath is not null;

    internal override void Run(StageContext context)
    {
        context.Journal.Begin(0, 0);
        var model = Bias.Build(context.Labelled.BiasInputs, context.Cancellation);
        BiasPredictionsFile.Save(model.OfTrainingSet, model.Fit, Path.Combine(context.WorkFolder, FileName));
        var evaluated = BiasReport.Predict(model, context.Labelled.Data, context.Cancellation);
        foreach (var (set, predictions) in evaluated)
            BiasPredictionsFile.Save(predictions, fit: null, Path.Combine(context.WorkFolder, FileNameOf(set.Dataset)));
        var report = BiasReport.Of(model, context.Labelled.Data, evaluated);
        DurableFile.Write(Path.Combine(context.WorkFolder, "bias_report.json"), JsonSerializer.Serialize(report, LabJson.Options));
        context.Journal.Append(new Evaluated(Name, 0, report.Scores));
    }

    /// <summary>The name of the file with the log-probabilities for a set that models are evaluated on.</summary>
    internal static string FileNameOf(Dataset evaluated) => $"bias_log_probs-{evaluated.Name}-{evaluated.Split}.npy";
}
