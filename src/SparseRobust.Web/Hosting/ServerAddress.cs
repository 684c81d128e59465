using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SparseRobust.Web.Hosting;

/// <summary>Where this server answers, once it does: the port may have been chosen by the system.</summary>
internal sealed class ServerAddress(IServer server, IHostApplicationLifetime lifetime)
{
    public async Task<string> ReadyAsync(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancellation);
        // An address for everybody is none to call.
        return server.Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "[::1]", StringComparison.Ordinal);
    }
}
