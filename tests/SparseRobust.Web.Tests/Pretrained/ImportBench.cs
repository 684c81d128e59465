using Microsoft.Extensions.Logging.Abstractions;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Pretrained;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>A server's part that imports models, without the server; it can be ended and started again on the same folder.</summary>
internal sealed class ImportBench : IAsyncDisposable
{
    public const string Name = "tiny";

    private readonly OpenFolder _folder = new();
    private readonly ServerOptions _options;
    private readonly List<IDisposable> _owned = [];

    public ImportBench(string hub = "", Func<ServerOptions, ServerOptions>? change = null)
    {
        _options = new ServerOptions { Storage = _folder.Inside("storage"), NodeName = "bench", HubEndpoint = hub, ImportFolders = _folder.Inside("allowed"), ModelBytes = 1 << 20 };
        _options = change?.Invoke(_options) ?? _options;
        Store = new PretrainedStore(_options.Storage);
        Imports = Make();
    }

    public PretrainedStore Store { get; }

    public ModelImports Imports { get; private set; }

    /// <summary>A path beside the storage.</summary>
    public string Inside(string path) => _folder.Inside(path);

    /// <summary>Every file below the folder of models.</summary>
    public string[] Files => Directory.Exists(Store.Folder) ? [.. Directory.GetFiles(Store.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Store.Folder, file)).Order(StringComparer.Ordinal)] : [];

    public async Task<(ModelImport Import, bool IsThere)> StartAsync(ModelSource? source = null) =>
        await Imports.StartAsync(new StartModelImport { Name = Name, Source = source ?? new HubSource { Repository = FakeHub.Repository } }, CancellationToken.None);

    /// <summary>Starts an import and waits for its end.</summary>
    public async Task<ModelImport> ImportAsync(ImportState end, ModelSource? source = null)
    {
        await StartAsync(source);
        return await EndAsync(end);
    }

    public async Task<ModelImport> EndAsync(ImportState state)
    {
        await Eventually.HoldsAsync(() => Imports.Find(Name) is { State: not (ImportState.Preparing or ImportState.Fetching or ImportState.Checking) }, () => $"{Imports.Find(Name)}");
        var import = Imports.Find(Name)!;
        Assert.True(import.State == state, $"{import}");
        return import;
    }

    public Task StopAsync() => Imports.StopAsync(CancellationToken.None);

    /// <summary>As after a start of the server.</summary>
    public void StartAgain() => Imports = Make();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _owned.ForEach(each => each.Dispose());
        _folder.Dispose();
    }

    private ModelImports Make()
    {
        var time = new HurriedTime();
        var transfer = new FileTransfer(new DownloadHosts(_options), time);
        var hub = new Hub(transfer, _options);
        _owned.Add(transfer);
        var intake = new ModelIntake(Store, hub, new HubImport(hub, _options), new FolderImport(_options), _options, TimeProvider.System);
        return new ModelImports(Store, new ImportRecords(Store), intake, _options, TimeProvider.System, NullLogger<ModelImports>.Instance);
    }
}
