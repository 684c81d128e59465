using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Serving;

/// <summary>A classifier ready to answer: model, vocabulary and labels of one folder in Hugging Face's layout.</summary>
/// <remarks><see cref="Tokenize"/> and <see cref="Info"/> are thread-safe. <see cref="Logits"/> and <see cref="Dispose"/> must not overlap;
/// under a <see cref="MicroBatcher"/> both belong on its thread (<see cref="MicroBatcher.RunAsync"/>).</remarks>
public sealed class Predictor : IDisposable
{
    private readonly TextClassifier _model;
    private readonly Tokenizer _tokenizer;
    private readonly Device _device;
    private bool _disposed;

    private Predictor(TextClassifier model, Tokenizer tokenizer, Device device, PredictorInfo info)
    {
        _model = model;
        _tokenizer = tokenizer;
        _device = device;
        Info = info;
    }

    /// <summary>What was loaded.</summary>
    public PredictorInfo Info { get; }

    /// <summary>Whether a folder holds a model that tells classes apart or grades: weights, and a config.json that names the classes. One that was only pre-trained has none.</summary>
    /// <exception cref="LabException">ArtifactCorrupt: config.json is none.</exception>
    public static bool CanServe(string folder) =>
        File.Exists(Path.Combine(folder, ModelFolder.WeightsFile)) && ModelConfig.NamesClasses(Path.Combine(folder, ModelFolder.ConfigFile));

    /// <summary>Reads config.json, the weights (model.safetensors, or another file that <see cref="ModelFolder"/> reads) and the tokenizer's files. With nothing but a vocab.txt text is lower-cased, as the
    /// uncased models need.</summary>
    /// <remarks>A masks.safetensors beside them is not needed: the stored weights already hold the zeros, and they are what counts.
    /// The model is built before it is filled, which draws from the process's random generator: do not load in a process that trains.</remarks>
    /// <param name="folder">The model's folder.</param>
    /// <param name="device">cpu, or cuda:N.</param>
    /// <exception cref="LabException">ArtifactMissing; ArtifactCorrupt when the files do not fit together; TokenizerInvalid; DeviceUnavailable.</exception>
    public static Predictor Load(string folder, string device = "cpu")
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Engine.RequireDevice(device);
        var config = ModelConfig.Read(Path.Combine(folder, ModelFolder.ConfigFile));
        var tokenizer = TokenizerFolder.Load(folder);
        if (tokenizer.Count > config.VocabSize)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"The vocabulary in {folder} has {tokenizer.Count} tokens but the model knows only {config.VocabSize}: take the tokenizer from where the model came from.");
        var target = torch.device(device);
        var model = ModelFolder.Load(folder, target);
        try
        {
            model.eval();
            var info = new PredictorInfo(
                config.Labels.Names, config.Spec.MaxInputLength, model.parameters().Sum(parameter => parameter.numel()), EncoderSparsity(model),
                "float32", config.Spec.PooledWidth, config.Spec.Layers, ModelWeights.Sha256(folder));
            return new Predictor(model, tokenizer, target, info);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Turns a text, or a text pair in the order premise, hypothesis, into the model's input. Thread-safe.</summary>
    /// <param name="text">First segment. May be empty: whether that makes sense is the caller's question.</param>
    /// <param name="pair">Second segment, or null for none.</param>
    /// <param name="truncate">Where to cut what is too long; null to refuse it.</param>
    /// <exception cref="LabException">InputTooLong, naming the length in tokens and the limit.</exception>
    public TokenizedText Tokenize(string text, string? pair, TruncationDirection? truncate)
    {
        var truncation = truncate is null ? Truncation.Refuse : Truncation.LongestFirst;
        return new TokenizedText(this, _tokenizer.Encode(text, pair, Info.MaxInputLength, truncation, keepEnds: truncate == TruncationDirection.Left));
    }

    /// <summary>The logits of each input in the order of <see cref="PredictorInfo.Labels"/>, dropout off, computed as one batch on the caller's thread.</summary>
    /// <remarks>Inputs are padded to the longest; a row's logits do not depend on its neighbours, up to rounding (about 1e-6).</remarks>
    /// <param name="batch">Inputs that this predictor tokenized.</param>
    /// <param name="cancellation">Looked at once, before the computation.</param>
    /// <exception cref="ArgumentException">An input was tokenized by another predictor.</exception>
    /// <exception cref="LabException">DeviceUnavailable when memory runs out; ArtifactCorrupt when the outputs are not finite.</exception>
    public float[][] Logits(IReadOnlyList<TokenizedText> batch, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellation.ThrowIfCancellationRequested();
        foreach (var input in batch)
            Require(input);
        if (batch.Count == 0)
            return [];
        try
        {
            var logits = Forward([.. batch.Select(input => input.Encoding)]);
            return Array.TrueForAll(logits, float.IsFinite)
                ? [.. logits.Chunk(Info.Labels.Count)]
                : throw new LabException(ProblemCode.ArtifactCorrupt, $"The model {Info.ModelSha256} computes logits that are not finite numbers: its weights are broken; load another.");
        }
        catch (Exception e) when (Engine.AsProblem(e) is not null)
        {
            throw new LabException(
                ProblemCode.DeviceUnavailable,
                $"The device ran out of memory on {batch.Count} texts padded to {batch.Max(input => input.Tokens)} tokens: send fewer or shorter ones at a time, or free the device.", e);
        }
    }

    /// <summary>Frees the model. Must not overlap with <see cref="Logits"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _model.Dispose();
    }

    /// <summary>Refuses another predictor's input: its ids may lie outside this model's tables, which on a GPU ends the process.</summary>
    internal void Require(TokenizedText input)
    {
        if (!ReferenceEquals(input.Reader, this))
            throw new ArgumentException("The input was tokenized by another predictor.", nameof(input));
    }

    private static double EncoderSparsity(TextClassifier model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weights = new PrunableModel(model).Matrices.Where(matrix => matrix.Id.IsEncoder).Select(matrix => matrix.Linear.Weight).ToList();
        return weights.Count == 0 ? 0 : weights.Sum(weight => weight.eq(0).sum().item<long>()) / (double)weights.Sum(weight => weight.numel());
    }

    private float[] Forward(Encoding[] rows)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var input = PaddedRows.Of(rows, new RowPadding(_tokenizer.PadId), _device);
        return _model.forward(input.Ids_BL, input.TokenTypes_BL, input.Mask_BL).cpu().data<float>().ToArray();
    }
}
