using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>A setup's data, read and tokenised once and shared by the stages and cells that use it. Owns the mappings of cached tokens.</summary>
internal abstract class Materials(Setup setup, InitialModel start, Tokenizer tokenizer) : IDisposable
{
    public Setup Setup { get; } = setup;

    /// <summary>What the trainings start from.</summary>
    public InitialModel Start { get; } = start;

    public Tokenizer Tokenizer { get; } = tokenizer;

    /// <summary>What the bias model reads besides the data; null when it reads nothing.</summary>
    public virtual BiasSource? BiasSource => null;

    /// <summary>Identities of all data files, of the tokenizer and of the pre-trained model if there is one: part of every stage's hash.</summary>
    public IReadOnlyList<string> Identities => Start.Pretrained is { } model ? [.. DataIdentities, model.Sha256] : DataIdentities;

    /// <summary>What plans need to know of it.</summary>
    public abstract DataIdentity Identity { get; }

    /// <summary>What a run's result says of its data.</summary>
    public abstract IReadOnlyList<DatasetUse> Uses { get; }

    /// <summary>What a run's result says of the model it started from; null for random weights.</summary>
    public PretrainedUse? PretrainedUse => Start.Pretrained is { } model ? new PretrainedUse(((PretrainedSpec)Setup.Model).Name, model.Sha256) : null;

    /// <summary>Identities of all data files and of the vocabulary.</summary>
    protected abstract IReadOnlyList<string> DataIdentities { get; }

    /// <summary>The files of the pre-trained model.</summary>
    protected IReadOnlyList<string> ModelFiles => Start.Pretrained?.Files ?? [];

    /// <summary>Reads the model's settings and the data, and its tokens from the cache where there is one.</summary>
    /// <exception cref="Errors.LabException">As <see cref="InitialModel.Of"/>; DatasetMissing, DatasetInvalid, TokenizerInvalid, InputTooLong.</exception>
    public static Materials Load(Setup setup, MaterialSources sources, CancellationToken cancellation) => setup.Task switch
    {
        PretrainingTask text => CorpusMaterials.Load(setup, text, sources, cancellation),
        LabelledTask labelled => LabelledMaterials.Load(setup, labelled, sources, cancellation),
        var other => throw new InvalidOperationException($"{other.GetType().Name} has no data."),
    };

    /// <summary>What the run's journal should say of the cache, once.</summary>
    public abstract IReadOnlyList<string> TakeNotes();

    /// <summary>Lets go of the mappings.</summary>
    public abstract void Dispose();
}
