using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

/// <summary>A test on a real PostgreSQL. Without one it fails, unless SPARSEROBUST_SKIP_POSTGRES is set.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("SPARSEROBUST_SKIP_POSTGRES") is not null && !IsInstalled())
            Skip = "PostgreSQL is not installed, and SPARSEROBUST_SKIP_POSTGRES is set";
    }

    private static bool IsInstalled()
    {
        try
        {
            return PostgresBinaries.Find(null, null).Version > 0;
        }
        catch (HostingException)
        {
            return false;
        }
    }
}
