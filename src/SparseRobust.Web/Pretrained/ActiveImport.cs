namespace SparseRobust.Web.Pretrained;

/// <summary>An import under way here; its record changes by turns.</summary>
/// <param name="import">As it begins.</param>
/// <param name="work">Its folder.</param>
/// <param name="write">Keeps a changed record.</param>
internal sealed class ActiveImport(ModelImport import, string work, Action<ModelImport> write)
{
    private readonly Lock _turn = new();
    private ModelImport _import = import;

    /// <summary>With the bytes that are there now.</summary>
    public ModelImport Import
    {
        get
        {
            lock (_turn)
                return ImportRecords.Measured(_import, Work);
        }
    }

    public string Work { get; } = work;

    public CancellationToken Stop => Ending.Token;

    /// <summary>Whether somebody stopped it, rather than the server its work.</summary>
    public bool IsCancelled { get; private set; }

    private CancellationTokenSource Ending { get; } = new();

    /// <summary>Ends when it has ended, however it did; never fails.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    public async Task EndAsync(bool isCancelled)
    {
        IsCancelled |= isCancelled;
        await Ending.CancelAsync();
        await Ended;
    }

    public void Change(Func<ModelImport, ModelImport> change)
    {
        lock (_turn)
            write(_import = change(_import));
    }
}
