using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace SparseRobust.Web.Hosting;

/// <summary>/health/live: this process answers. /health/ready and /health: the database answers too.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("health");
        health.MapGet("/live", () => TypedResults.Ok(new HealthView("live"))).WithSummary("The process answers.");
        health.MapGet("/ready", ReadyAsync).WithSummary("The database answers too; 503 while it does not.");
        health.MapGet("", ReadyAsync).WithSummary("The same as /health/ready.");
    }

    private static async Task<Ok<HealthView>> ReadyAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellation);
        return TypedResults.Ok(new HealthView("ready", ProductVersion.Text));
    }
}

/// <summary>How the server is.</summary>
/// <param name="Status">live or ready.</param>
/// <param name="Version">The program's version; only when ready.</param>
public sealed record HealthView(string Status, string? Version = null);
