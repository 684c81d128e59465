using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>A setup's data, read and tokenised once and shared by the stages and cells that use it. Owns the mappings of cached tokens.</summary>
internal abstract class Materials(Setup setup, Tokenizer tokenizer) : IDisposable
{
    public Setup Setup { get; } = setup;

    public Tokenizer Tokenizer { get; } = tokenizer;

    /// <summary>What the bias model reads besides the data; null when it reads nothing.</summary>
    public virtual BiasSource? BiasSource => null;

    /// <summary>Identities of all data files and of the tokenizer, part of every stage's hash.</summary>
    public abstract IReadOnlyList<string> Identities { get; }

    /// <summary>What plans need to know of it.</summary>
    public abstract DataIdentity Identity { get; }

    /// <summary>What a run's result says of its data.</summary>
    public abstract IReadOnlyList<DatasetUse> Uses { get; }

    /// <summary>Reads the data, and its tokens from the cache where there is one; null makes them for this time only.</summary>
    public static Materials Load(Setup setup, DatasetFolders folders, TokenCache? cache, CancellationToken cancellation) => setup.Task switch
    {
        PretrainingTask text => CorpusMaterials.Load(setup, text, folders, cache, cancellation),
        LabelledTask labelled => LabelledMaterials.Load(setup, labelled, folders, cache, cancellation),
        var other => throw new InvalidOperationException($"{other.GetType().Name} has no data."),
    };

    /// <summary>What the run's journal should say of the cache, once.</summary>
    public abstract IReadOnlyList<string> TakeNotes();

    /// <summary>Lets go of the mappings.</summary>
    public abstract void Dispose();
}
