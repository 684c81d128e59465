namespace SparseRobust.Web.Tests.Hosting;

/// <summary>A test of what happens only when root starts the server.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "Only root starts PostgreSQL as another user";
    }
}
