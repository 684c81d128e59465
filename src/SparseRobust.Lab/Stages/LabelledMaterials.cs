using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>The rows of a labelled task as ids.</summary>
internal sealed class LabelledMaterials : Materials
{
    private readonly TokenCache? _cache;
    private readonly List<EncodedDataset> _encoded = [];

    private LabelledMaterials(Setup setup, InitialModel start, (TaskData Data, Tokenizer Tokenizer, BiasSource? Bias) read, TokenCache? cache, CancellationToken cancellation)
        : base(setup, start, read.Tokenizer)
    {
        Task = (LabelledTask)setup.Task;
        Data = read.Data;
        BiasSource = read.Bias;
        _cache = cache;
        try
        {
            Train = Encode(EvaluationSet.SameLabels(Data.Train), cache, cancellation);
            Dev = Encode(EvaluationSet.SameLabels(Data.Dev), cache, cancellation);
            OutOfDistribution = [.. Data.OutOfDistribution.Select(set => Encode(set, cache, cancellation))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LabelledTask Task { get; }

    public TaskData Data { get; }

    public override BiasSource? BiasSource { get; }

    public EncodedDataset Train { get; }

    public EncodedDataset Dev { get; }

    public IReadOnlyList<EncodedDataset> OutOfDistribution { get; }

    public override DataIdentity Identity => new(
        Identities, Train.Count, [.. new[] { Data.Train, Data.Dev }.Concat(Data.OutOfDistribution.Select(set => set.Dataset)).SelectMany(data => data.FurtherSourcePaths.Prepend(data.SourcePath)).OfType<string>().Concat(BiasSource?.Files ?? []).Concat(ModelFiles).Distinct()])
    {
        BiasSourceSha256 = BiasSource?.Sha256,
    };

    public override IReadOnlyList<DatasetUse> Uses =>
        [.. new[] { Train, Dev }.Concat(OutOfDistribution).Select(data => new DatasetUse(
            data.Dataset.Name, data.Dataset.Split, data.Dataset.Sha256, data.Count, data.Dataset.PublishedRows, data.Dataset.BrokenRows.Count,
            data.TruncatedRows, data.Dataset.LabelCounts().Max() / (double)data.Count) { WithheldRows = data.Dataset.WithheldRows, IsGraded = data.Dataset.Labels.IsRegression })];

    /// <summary>What a bias model of the task is made from.</summary>
    public BiasInputs BiasInputs => BiasInputs.Of(Data, BiasSource) with { Model = Start.Pretrained };

    protected override IReadOnlyList<string> DataIdentities =>
        [Data.Train.Sha256, Data.Dev.Sha256, .. Data.OutOfDistribution.Select(set => set.Dataset.Sha256), Tokenizer.Sha256];

    public static LabelledMaterials Load(Setup setup, LabelledTask task, MaterialSources sources, CancellationToken cancellation)
    {
        var start = InitialModel.Of(setup, sources.Models);
        var bias = setup.BiasSourcePath is { } path ? BiasSource.Find(sources.Data, path) : null;
        return new(setup, start, (task.Load(sources.Data, cancellation), start.LoadTokenizer(setup, sources.OfVocabulary(cancellation)), bias), sources.Cache, cancellation);
    }

    /// <summary>The fixed stratified samples on which out-of-distribution sets are watched during training; small, so in memory.</summary>
    public IReadOnlyList<EncodedDataset> OutOfDistributionSamples(int rows, CancellationToken cancellation) =>
        [.. Data.OutOfDistribution.Select(set => Encode(set with { Dataset = StratifiedSample.Take(set.Dataset, rows) }, cache: null, cancellation))];

    public override IReadOnlyList<string> TakeNotes() => _cache?.TakeNotes() ?? [];

    public override void Dispose() => _encoded.ForEach(data => data.Dispose());

    private EncodedDataset Encode(EvaluationSet set, TokenCache? cache, CancellationToken cancellation)
    {
        var encoded = EncodedDataset.Encode(set, new RowEncoder(Tokenizer, Setup.MaxLength, Setup.Truncation), cache, cancellation);
        if (cache is not null)
            _encoded.Add(encoded);
        return encoded;
    }
}
