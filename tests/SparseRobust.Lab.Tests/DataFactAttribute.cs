namespace SparseRobust.Lab.Tests;

/// <summary>A test on real data, which lies in the folders of SPARSEROBUST_DATA and never in the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")))
            Skip = "SPARSEROBUST_DATA is not set: it names the folder of the real datasets.";
    }
}
