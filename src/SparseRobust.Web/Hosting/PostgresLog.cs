namespace SparseRobust.Web.Hosting;

/// <summary>PostgreSQL's own words: appended to a file of limited size, the last of them kept for messages.</summary>
internal sealed class PostgresLog : IDisposable
{
    private const long Limit = 4 << 20;
    private const int Kept = 12;

    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new();
    private readonly string _path;
    private StreamWriter _writer;
    private bool _disposed;

    public PostgresLog(string path)
    {
        _path = path;
        _writer = Open();
    }

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_disposed) return;
            _last.Enqueue(line);
            if (_last.Count > Kept) _last.Dequeue();
            if (_writer.BaseStream.Length > Limit) Turn();
            _writer.WriteLine(line);
        }
    }

    /// <summary>The last lines since this was last asked.</summary>
    public string TakeLast()
    {
        lock (_gate)
        {
            var text = string.Join(" | ", _last);
            _last.Clear();
            return text;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _writer.Dispose();
        }
    }

    private void Turn()
    {
        _writer.Dispose();
        File.Move(_path, _path + ".old", overwrite: true);
        _writer = Open();
    }

    private StreamWriter Open() => new(_path, append: true) { AutoFlush = true };
}
