using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Serving;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Predict;

/// <summary>The loaded models and the thread that computes with them. Loading and freeing run on that thread, between batches.</summary>
internal sealed class PredictorPool : IAsyncDisposable
{
    private const int TokensOnCpu = 2_048;
    private const int TokensOnGpu = 16_384;

    private readonly MicroBatcher _batcher;
    private readonly LeasedCache<Predictor> _loaded;
    private readonly string _device;

    public PredictorPool(ServerOptions options, TimeProvider time)
    {
        _device = options.Device;
        BatchTokens = options.PredictBatchTokens > 0 ? options.PredictBatchTokens : _device == "cpu" ? TokensOnCpu : TokensOnGpu;
        _batcher = new MicroBatcher(new MicroBatcherOptions { MaxBatchTokens = BatchTokens, MaxConcurrentRequests = options.PredictQueue }, time);
        _loaded = new LeasedCache<Predictor>(options.PredictModels, LoadAsync, predictor => _batcher.RunAsync(predictor.Dispose));
    }

    /// <summary>Most tokens of one computation, padding included.</summary>
    public int BatchTokens { get; }

    /// <summary>A model, loaded; it lives until the lease is disposed.</summary>
    /// <param name="folder">The model's folder, which is also its name here.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LabException">ArtifactMissing, ArtifactCorrupt or TokenizerInvalid of its files; Overloaded when as many other models as may be loaded are all in use.</exception>
    public async Task<LeasedCache<Predictor>.Lease> RentAsync(string folder, CancellationToken cancellation) =>
        await _loaded.RentAsync(folder, cancellation)
        ?? throw new LabException(ProblemCode.Overloaded, $"All {_loaded.Count} models that may be loaded at once are in use by other requests. Ask again in a moment, or raise Server:PredictModels.");

    public Task<IReadOnlyList<PredictedRow>> PredictAsync(Predictor predictor, IReadOnlyList<TokenizedText> inputs, CancellationToken cancellation) =>
        _batcher.PredictAsync(predictor, inputs, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _loaded.ClearAsync();
        _batcher.Dispose();
    }

    private async Task<Predictor> LoadAsync(string folder)
    {
        Predictor? loaded = null;
        await _batcher.RunAsync(() => loaded = LoadWarm(folder));
        return loaded!;
    }

    // The first computation sets up the engine and touches every weight: better here than in somebody's measured request.
    private Predictor LoadWarm(string folder)
    {
        var predictor = Predictor.Load(folder, _device);
        try
        {
            predictor.Logits([predictor.Tokenize("warm", "up", null)], CancellationToken.None);
            return predictor;
        }
        catch
        {
            predictor.Dispose();
            throw;
        }
    }
}
