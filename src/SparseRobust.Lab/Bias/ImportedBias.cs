using System.IO.Compression;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Bias;

/// <summary>What numbers a file of predictions holds.</summary>
public enum PredictionValues
{
    /// <summary>Probabilities, each row summing to 1.</summary>
    Probabilities,

    /// <summary>Natural logarithms of probabilities.</summary>
    LogProbabilities,
}

/// <summary>Predictions for the training set that another program made, such as those the papers' authors published. Knows no rows but the training set's.</summary>
/// <remarks>
/// Reads .npy and .npz (one array, rows x classes, in the dataset's order) and Python pickles: of such an array, or of a dict from an example's id to its row.
/// Any of them may be gzipped. A pickle is only ever read as data; see the pickle reader. Source of the formats: the bias predictions published with
/// Win-win Deal (fever: .npy by row; QQP: .pkl by id) and with Clark, Yatskar and Zettlemoyer 2019 (.pkl by id, two classes for three-way NLI).
/// </remarks>
public sealed record ImportedBiasSpec : BiasSpec
{
    /// <summary>Path of the file, relative to one of the data folders, or absolute.</summary>
    [Suggested("fever/bias_model_probs.npy.gz")]
    public required string Path { get; init; }

    /// <summary>The classes of the file's columns in order, by name, separated by commas: the training set's own in any order, or two of which one is the
    /// training set's and the other the rest ("non-entailment, entailment"), whose probability is then shared equally.</summary>
    [Suggested("SUPPORTS, REFUTES, NOT ENOUGH INFO")]
    public required string Columns { get; init; }

    /// <summary>What the numbers are: probabilities (default) or log_probabilities.</summary>
    public PredictionValues Values { get; init; } = PredictionValues.Probabilities;

    internal override string SourcePath => Path;

    internal override BiasModel Build(BiasInputs inputs, CancellationToken cancellation) => new ImportedBias(this, inputs, cancellation);
}

/// <summary>Imported predictions, matched to the rows of a training set.</summary>
internal sealed class ImportedBias : BiasModel
{
    private const int ShownIds = 5;
    private const long LargestFile = 1L << 30;

    private readonly Dataset _train;
    private readonly BiasSource _source;

    public ImportedBias(ImportedBiasSpec spec, BiasInputs inputs, CancellationToken cancellation)
    {
        (_train, _source) = (inputs.Train, inputs.Source!);
        string[] columns = spec.Columns.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var table = ColumnMap.Of(columns, _train.Labels);
        var (rows, byId) = Rows(Contents(), columns.Length);
        cancellation.ThrowIfCancellationRequested();
        var logProbs = new float[rows.Count * _train.Labels.Count];
        var raised = 0;
        for (var i = 0; i < rows.Count; i++)
            raised += table.Write(rows[i], spec.Values, logProbs.AsSpan(i * _train.Labels.Count, _train.Labels.Count), fault => Corrupt($"row {i} (example {_train.Examples[i].Id}): {fault}"));
        OfTrainingSet = new BiasPredictions(_train.Sha256, _train.Labels, logProbs);
        Fit = new ImportedFit(_source.Sha256, columns, byId, raised, OfTrainingSet.Accuracy(EvaluationSet.SameLabels(_train)));
    }

    public override ImportedFit Fit { get; }

    public override int? PositiveClass => OverlapBias.PositiveClassOf(_train.Labels);

    public override BiasPredictions OfTrainingSet { get; }

    /// <summary>Null: the file is of the training set.</summary>
    public override BiasPredictions? Predict(Dataset dataset, CancellationToken cancellation) => null;

    private LabException Corrupt(string reason) =>
        new(ProblemCode.ArtifactCorrupt, $"The bias predictions at {_source.Path} cannot be used: {reason}. Name a file of predictions for {_train.Name} {_train.Split}.");

    // An array, or what a pickle holds.
    private object? Contents()
    {
        var bytes = Bytes();
        if (NpyArrayFile.IsNpy(bytes))
            return NpyArrayFile.Read(bytes, Corrupt);
        return NpyArrayFile.IsNpz(bytes) ? NpyArrayFile.ReadArchive(bytes, LargestFile, Corrupt) : PickleReader.Read(bytes, new NumpyPickle(Corrupt)) switch
        {
            NumpyPickle.ArrayInMaking { Array: { } array } => array,
            var data => data,
        };
    }

    private byte[] Bytes()
    {
        using var file = File.OpenRead(_source.Path);
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > LargestFile)
                    throw Corrupt($"it has more than {LargestFile} bytes");
            }
        }
        catch (InvalidDataException fault)
        {
            throw Corrupt($"its gzip is damaged ({fault.Message})");
        }
        return bytes.ToArray();
    }

    // One array of numbers for each training row, in the training set's order.
    private (IReadOnlyList<ReadOnlyMemory<double>> Rows, bool ById) Rows(object? contents, int columns) => contents switch
    {
        NumpyArray array => (ByOrder(array, columns), false),
        Dictionary<object, object?> rows => (ById(rows), true),
        List<object?> or object?[] => throw Corrupt("it is a list; save an array of rows x classes, or a dict from an example's id to its row"),
        _ => throw Corrupt("it is neither an array nor a dict"),
    };

    private List<ReadOnlyMemory<double>> ByOrder(NumpyArray array, int columns)
    {
        if (array.Shape is not [var rows, var found] || found != columns)
            throw Corrupt($"its shape is ({string.Join(", ", array.Shape)}), where (rows, {columns}) belongs for the {columns} columns named");
        if (rows != _train.Examples.Count)
            throw Corrupt($"it has {rows} rows and the training set {_train.Examples.Count}; without ids rows go by their order, so all must be there");
        return [.. Enumerable.Range(0, rows).Select(row => (ReadOnlyMemory<double>)array.Values.AsMemory(row * columns, columns))];
    }

    private List<ReadOnlyMemory<double>> ById(Dictionary<object, object?> rows)
    {
        var byId = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, row) in rows)
            if (!byId.TryAdd(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}"), row))
                throw Corrupt($"the id {key} is in it twice, as a number and as a string");
        var missing = _train.Examples.Where(example => !byId.ContainsKey(example.Id)).Select(example => example.Id).ToList();
        if (missing.Count > 0)
            throw Corrupt($"{missing.Count} of the {_train.Examples.Count} training rows have no prediction, the first of them {string.Join(", ", missing.Take(ShownIds))} (it has {byId.Count} rows, such as {string.Join(", ", byId.Keys.Take(ShownIds))})");
        return [.. _train.Examples.Select(example => Numbers(example.Id, byId[example.Id]))];
    }

    private ReadOnlyMemory<double> Numbers(string id, object? row) => row switch
    {
        NumpyPickle.ArrayInMaking { Array: { Shape.Count: 1 } array } => array.Values,
        List<object?> list => list.Select(item => NumberOf(id, item)).ToArray(),
        object?[] tuple => tuple.Select(item => NumberOf(id, item)).ToArray(),
        _ => throw Corrupt($"the row of {id} is no array of one dimension"),
    };

    private double NumberOf(string id, object? item) => item switch
    {
        double number => number,
        long number => number,
        _ => throw Corrupt($"the row of {id} holds something that is no number"),
    };
}
