using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Bias;

/// <summary>Bias predictions on disk: NAME.npy, a float32 matrix that numpy reads, and NAME.json beside it, which says what it is.</summary>
/// <remarks>Both are written beside their place and moved there, the JSON last; it holds the matrix file's SHA-256, so a torn pair is found out.</remarks>
public static class BiasPredictionsFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>Writes predictions, replacing what is there.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="fit">The model that made them, or null when unknown.</param>
    /// <param name="npyPath">Path of the matrix file; its name ends in .npy.</param>
    public static void Save(BiasPredictions predictions, BiasFit? fit, string npyPath)
    {
        var matrix = NpyMatrix.Write(predictions.LogProbs, predictions.Labels.Count);
        var card = new Card(predictions.DatasetSha256, predictions.Count, predictions.Labels.Names, Sha256(matrix), fit);
        DurableFile.Write(npyPath, matrix);
        DurableFile.Write(CardPath(npyPath), JsonSerializer.SerializeToUtf8Bytes(card, Json));
    }

    /// <summary>Reads predictions and checks everything about them: header, length, hash, finite values, rows that sum to 1.</summary>
    /// <param name="npyPath">Path of the matrix file; its name ends in .npy.</param>
    /// <exception cref="LabException">ArtifactMissing when either file is absent; ArtifactCorrupt when they are not what they should be.</exception>
    public static (BiasPredictions Predictions, BiasFit? Fit) Load(string npyPath)
    {
        var card = ReadCard(CardPath(npyPath));
        var bytes = Read(npyPath);
        if (Sha256(bytes) != card.MatrixSha256)
            throw Corrupt(npyPath, "its SHA-256 is not the one in the JSON beside it");
        if (card.Labels.Count < 2)
            throw Corrupt(CardPath(npyPath), "it names fewer than two labels");
        var (rows, columns, values) = NpyMatrix.Read(bytes, reason => Corrupt(npyPath, reason));
        if (rows != card.Rows || columns != card.Labels.Count)
            throw Corrupt(npyPath, $"it is {rows} x {columns}, the JSON says {card.Rows} x {card.Labels.Count}");
        for (var row = 0; row < rows; row++)
            if (BiasPredictions.FaultOf(values.AsSpan(row * columns, columns)) is { } fault)
                throw Corrupt(npyPath, $"row {row}: {fault}");
        return (new BiasPredictions(card.DatasetSha256, new LabelSet(card.Labels), values), card.Fit);
    }

    private static string CardPath(string npyPath) => npyPath.EndsWith(".npy", StringComparison.Ordinal)
        ? Path.ChangeExtension(npyPath, ".json")
        : throw new ArgumentException($"\"{npyPath}\" does not end in .npy.", nameof(npyPath));

    private static Card ReadCard(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Card>(Read(path), Json) ?? throw Corrupt(path, "it is empty");
        }
        catch (JsonException fault)
        {
            throw Corrupt(path, fault.Message, fault);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LabException(ProblemCode.ArtifactMissing, $"There are no bias predictions at {path}. Run the stage that makes them.", fault);
        }
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static LabException Corrupt(string path, string reason, Exception? inner = null) =>
        new(ProblemCode.ArtifactCorrupt, $"The bias predictions at {path} cannot be used: {reason}. Delete them; the stage makes them again.", inner);

    private sealed record Card(string DatasetSha256, int Rows, IReadOnlyList<string> Labels, string MatrixSha256, BiasFit? Fit);
}
