using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>A setup's data, read and tokenised once and shared by the stages and cells that use it. Owns the mappings of cached tokens.</summary>
internal sealed class Materials : IDisposable
{
    private readonly TokenCache? _cache;
    private readonly List<EncodedDataset> _encoded = [];

    private Materials(Setup setup, TaskData data, Tokenizer tokenizer, BiasSource? biasSource, TokenCache? cache, CancellationToken cancellation)
    {
        Setup = setup;
        Data = data;
        BiasSource = biasSource;
        Tokenizer = tokenizer;
        _cache = cache;
        try
        {
            Train = Encode(EvaluationSet.SameLabels(data.Train), cache, cancellation);
            Dev = Encode(EvaluationSet.SameLabels(data.Dev), cache, cancellation);
            OutOfDistribution = [.. data.OutOfDistribution.Select(set => Encode(set, cache, cancellation))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Setup Setup { get; }

    public TaskData Data { get; }

    /// <summary>What the bias model reads besides the data; null when it reads nothing.</summary>
    public BiasSource? BiasSource { get; }

    public Tokenizer Tokenizer { get; }

    public EncodedDataset Train { get; }

    public EncodedDataset Dev { get; }

    public IReadOnlyList<EncodedDataset> OutOfDistribution { get; }

    /// <summary>Identities of all data files and of the tokenizer, part of every stage's hash.</summary>
    public IReadOnlyList<string> Identities =>
        [Data.Train.Sha256, Data.Dev.Sha256, .. Data.OutOfDistribution.Select(set => set.Dataset.Sha256), Tokenizer.Sha256];

    /// <summary>What plans need to know of it.</summary>
    public DataIdentity Identity => new(
        Identities, Train.Count, [.. new[] { Data.Train, Data.Dev }.Concat(Data.OutOfDistribution.Select(set => set.Dataset)).SelectMany(data => data.FurtherSourcePaths.Prepend(data.SourcePath)).OfType<string>().Concat(BiasSource?.Files ?? []).Distinct()])
    {
        BiasSourceSha256 = BiasSource?.Sha256,
    };

    /// <summary>Reads the data, and its tokens from the cache where there is one; null tokenises into memory.</summary>
    public static Materials Load(Setup setup, DatasetFolders folders, TokenCache? cache, CancellationToken cancellation) =>
        new(setup, setup.Task.Load(folders, cancellation), setup.Vocabulary.Load(setup.Task, folders), setup.BiasSourcePath is { } path ? BiasSource.Find(folders, path) : null, cache, cancellation);

    /// <summary>The fixed stratified samples on which out-of-distribution sets are watched during training; small, so in memory.</summary>
    public IReadOnlyList<EncodedDataset> OutOfDistributionSamples(int rows, CancellationToken cancellation) =>
        [.. Data.OutOfDistribution.Select(set => Encode(set with { Dataset = StratifiedSample.Take(set.Dataset, rows) }, cache: null, cancellation))];

    /// <summary>What the run's journal should say of the cache, once.</summary>
    public IReadOnlyList<string> TakeNotes() => _cache?.TakeNotes() ?? [];

    /// <summary>Lets go of the mappings.</summary>
    public void Dispose() => _encoded.ForEach(data => data.Dispose());

    private EncodedDataset Encode(EvaluationSet set, TokenCache? cache, CancellationToken cancellation)
    {
        var encoded = EncodedDataset.Encode(set, new RowEncoder(Tokenizer, Setup.MaxLength, Setup.Truncation), cache, cancellation);
        if (cache is not null)
            _encoded.Add(encoded);
        return encoded;
    }
}
