using Npgsql;

namespace SparseRobust.Web.Hosting;

/// <summary>/health/live: this process answers. /health/ready and /health: the database answers too.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("health");
        health.MapGet("/live", () => TypedResults.Ok(new { status = "live" })).WithSummary("The process answers.");
        health.MapGet("/ready", ReadyAsync).WithSummary("The database answers too; 503 while it does not.");
        health.MapGet("", ReadyAsync).WithSummary("The same as /health/ready.");
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellation);
        return TypedResults.Ok(new { status = "ready", version = ProductVersion.Text });
    }
}
