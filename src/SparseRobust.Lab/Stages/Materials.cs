using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>A setup's data, read and tokenised once and shared by the stages and cells that use it.</summary>
internal sealed class Materials
{
    private Materials(Setup setup, TaskData data, Vocabulary vocabulary, BiasSource? biasSource, CancellationToken cancellation)
    {
        Setup = setup;
        Data = data;
        Vocabulary = vocabulary;
        BiasSource = biasSource;
        Tokenizer = new WordPiece(vocabulary);
        Train = Encode(EvaluationSet.SameLabels(data.Train), cancellation);
        Dev = Encode(EvaluationSet.SameLabels(data.Dev), cancellation);
        OutOfDistribution = [.. data.OutOfDistribution.Select(set => Encode(set, cancellation))];
    }

    public Setup Setup { get; }

    public TaskData Data { get; }

    public Vocabulary Vocabulary { get; }

    /// <summary>What the bias model reads besides the data; null when it reads nothing.</summary>
    public BiasSource? BiasSource { get; }

    public WordPiece Tokenizer { get; }

    public EncodedDataset Train { get; }

    public EncodedDataset Dev { get; }

    public IReadOnlyList<EncodedDataset> OutOfDistribution { get; }

    /// <summary>Identities of all data files and of the vocabulary, part of every stage's hash.</summary>
    public IReadOnlyList<string> Identities =>
        [Data.Train.Sha256, Data.Dev.Sha256, .. Data.OutOfDistribution.Select(set => set.Dataset.Sha256), Vocabulary.Sha256];

    /// <summary>What plans need to know of it.</summary>
    public DataIdentity Identity => new(
        Identities, Train.Count, [.. new[] { Data.Train, Data.Dev }.Concat(Data.OutOfDistribution.Select(set => set.Dataset)).Select(data => data.SourcePath).OfType<string>().Concat(BiasSource?.Files ?? []).Distinct()])
    {
        BiasSourceSha256 = BiasSource?.Sha256,
    };

    public static Materials Load(Setup setup, DatasetFolders folders, CancellationToken cancellation) =>
        new(setup, setup.Task.Load(folders, cancellation), setup.Vocabulary.Load(setup.Task, folders), setup.BiasSourcePath is { } path ? BiasSource.Find(folders, path) : null, cancellation);

    /// <summary>The fixed stratified samples on which out-of-distribution sets are watched during training.</summary>
    public IReadOnlyList<EncodedDataset> OutOfDistributionSamples(int rows, CancellationToken cancellation) =>
        [.. Data.OutOfDistribution.Select(set => Encode(set with { Dataset = StratifiedSample.Take(set.Dataset, rows) }, cancellation))];

    private EncodedDataset Encode(EvaluationSet set, CancellationToken cancellation) =>
        EncodedDataset.Encode(set, Tokenizer, Setup.MaxLength, Setup.Truncation, cancellation);
}
