namespace SparseRobust.Web.Hosting;

/// <summary>Where the server's own PostgreSQL lives.</summary>
/// <param name="DataFolder">Absolute. Holds the cluster, its password, its log and the lock of the server that owns it; other files may lie beside them.</param>
internal sealed record EmbeddedPostgresOptions(string DataFolder)
{
    /// <summary>The folder of initdb and postgres; null looks for it.</summary>
    public string? BinariesFolder { get; init; }

    /// <summary>Null takes a free one at each start.</summary>
    public int? Port { get; init; }
}
