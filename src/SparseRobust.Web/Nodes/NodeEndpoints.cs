using Microsoft.AspNetCore.Http.HttpResults;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Nodes;

/// <summary>/api/v1/nodes and /api/v1/queue: who works, and what waits.</summary>
internal static class NodeEndpoints
{
    public static void AddNodes(this IServiceCollection services) => services.AddSingleton<NodeList>().AddSingleton<QueueList>();

    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("nodes");
        api.MapGet("/nodes", NodesAsync).WithSummary("The server's processes, whether they live, and the run each works on.");
        api.MapGet("/queue", QueueAsync).WithSummary("What is being worked on, and what waits in which order and for what.");
    }

    private static async Task<Ok<Page<NodeView>>> NodesAsync(NodeList nodes, CancellationToken cancellation) => TypedResults.Ok(new Page<NodeView>(await nodes.ReadAsync(cancellation)));

    private static async Task<Ok<QueueView>> QueueAsync(QueueList queue, CancellationToken cancellation) => TypedResults.Ok(await queue.ReadAsync(cancellation));
}
