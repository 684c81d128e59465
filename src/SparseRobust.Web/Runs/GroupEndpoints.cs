using Microsoft.AspNetCore.Http.HttpResults;

namespace SparseRobust.Web.Runs;

/// <summary>/api/v1/groups: numbers over seeds.</summary>
internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/groups", ListAsync).WithTags("groups").WithSummary("Groups of runs with the exact mean, standard deviation, 95 % interval and n of every final score over seeds.");

    private static async Task<Ok<Page<GroupView>>> ListAsync([AsParameters] GroupQuery query, RunGroups groups, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<GroupView>(await groups.ReadAsync(query, cancellation)));
}
