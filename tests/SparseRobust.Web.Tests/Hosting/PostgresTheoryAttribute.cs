namespace SparseRobust.Web.Tests.Hosting;

/// <summary>As <see cref="PostgresFactAttribute"/>, with data.</summary>
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = new PostgresFactAttribute().Skip;
}
