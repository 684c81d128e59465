namespace SparseRobust.Lab.Tests;

/// <summary>A test that builds whole published models, which is asked for by SPARSEROBUST_LARGE=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LargeTheoryAttribute : TheoryAttribute
{
    public LargeTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("SPARSEROBUST_LARGE") != "1")
            Skip = "SPARSEROBUST_LARGE is not 1: the test builds models of up to 335 million weights.";
    }
}
