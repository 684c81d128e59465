using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>What a run's trainings start from: theta_pt, an architecture with the weights that the seed gives, all of them or, with a pre-trained model, those of the head.</summary>
/// <param name="Architecture">What is built.</param>
/// <param name="Pretrained">Where its body comes from; null for random weights.</param>
internal sealed record InitialModel(ArchitectureSpec Architecture, PretrainedModel? Pretrained)
{
    private const string NameField = "$.model.name";

    /// <summary>What a setup names.</summary>
    /// <exception cref="RecipeInvalidException">The pre-trained model does not fit the rest of the recipe; with every fault.</exception>
    /// <exception cref="LabException">ArtifactMissing, ArtifactCorrupt.</exception>
    public static InitialModel Of(Setup setup, ModelSearch models)
    {
        if (setup.Model is not PretrainedSpec spec)
            return new InitialModel((ArchitectureSpec)setup.Model, Pretrained: null);
        var found = PretrainedModel.Open(models.Find(spec.Name));
        if (found.Config.Spec is not TransformerSpec body)
            throw new RecipeInvalidException([new Fault(NameField, $"\"{spec.Name}\" is a {ModelConfig.KindOf(found.Config.Spec)}, which has no body apart from its head. Name a BERT.")]);
        var faults = Faults(setup, found).ToList();
        return faults.Count == 0 ? new InitialModel(spec.Of(body), found) : throw new RecipeInvalidException(faults);
    }

    /// <summary>The tokenizer that the recipe names, or the pre-trained model's own.</summary>
    /// <exception cref="LabException">DatasetMissing, TokenizerInvalid, ArtifactCorrupt.</exception>
    public Tokenizer LoadTokenizer(Setup setup, VocabularySources sources)
    {
        var tokenizer = Pretrained is null ? setup.Vocabulary.Load(setup.Task, sources) : ModelFolder.LoadTokenizer(Pretrained);
        // Where a RoBERTa's positions begin depends on it, and other programs read it from the settings.
        return Architecture is RobertaSpec roberta && roberta.PadTokenId != tokenizer.PadId
            ? throw new LabException(ProblemCode.TokenizerInvalid, $"The tokenizer's padding has id {tokenizer.PadId}, and the model's pad_token_id is {roberta.PadTokenId}. Take the tokenizer that belongs to the model, or set pad_token_id.")
            : tokenizer;
    }

    /// <summary>Rows of the word table: a pre-trained one may have more than the tokenizer has tokens.</summary>
    public int WordsFor(Tokenizer tokenizer) => Pretrained?.Config.VocabSize ?? tokenizer.Count;

    /// <summary>The classifier; its head, and without a pre-trained model its body too, as the stage's seed gives them.</summary>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public TextClassifier Build(StageContext context, int classes) =>
        Filled(context, Architecture.Build(WordsFor(context.Materials.Tokenizer), classes), model => ModelFolder.LoadBody(Pretrained!.Path, model));

    /// <summary>The model with the heads of pre-training, which come from the pre-trained model as far as it has them.</summary>
    /// <exception cref="LabException">ArtifactCorrupt.</exception>
    public BertForPreTraining BuildForPreTraining(StageContext context) =>
        Filled(context, Architecture.BuildForPreTraining(WordsFor(context.Materials.Tokenizer)), model => ModelFolder.LoadBody(Pretrained!.Path, model));

    private static IEnumerable<Fault> Faults(Setup setup, PretrainedModel found)
    {
        var (spec, name) = (found.Config.Spec, Path.GetFileName(found.Path));
        if (setup.Task is not LabelledTask && !spec.CanPretrain)
            yield return new Fault(NameField, $"\"{name}\" is a {ModelConfig.KindOf(spec)}, which has no heads for masked tokens and next sentences. Name a BERT.");
        if (setup.MaxLength > spec.MaxInputLength)
            yield return new Fault("$.max_length", $"{setup.MaxLength} is more than the {spec.MaxInputLength} tokens that \"{name}\" has positions for.");
    }

    private TModel Filled<TModel>(StageContext context, TModel model, Func<TModel, BodyReport> fill)
        where TModel : nn.Module
    {
        try
        {
            if (Pretrained is not null)
            {
                var report = fill(model);
                Pretrained.RequireUnchanged();
                // An attempt that goes on has told it before.
                if (context.Journal.StageSequence == 0)
                    context.Journal.Append(new Noted(context.Journal.Stage, Told(report)));
            }
            model.to(context.Device);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private string Told(BodyReport report) =>
        $"Starts from {Pretrained!.Path} (SHA-256 {Pretrained.Sha256}): {report.Loaded.Count} tensors loaded. As the seed gives them: {Names(report.Reinitialised)}. "
        + $"In the folder without a place here: {Names(report.Unexpected)}.";

    private static string Names(IReadOnlyList<NamedShape> tensors) => ModelFolder.Listed([.. tensors.Select(tensor => tensor.Name)]);
}
