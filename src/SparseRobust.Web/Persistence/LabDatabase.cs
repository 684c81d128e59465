using Microsoft.EntityFrameworkCore;
using Npgsql;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Persistence;

/// <summary>The connection pool, the context, and the migrations at start.</summary>
internal static class LabDatabase
{
    public static void AddLabDatabase(this IServiceCollection services, string connectionString, bool migrates)
    {
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddDbContextFactory<LabDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddHostedService(provider => new Migrations(provider.GetRequiredService<IDbContextFactory<LabDb>>(), migrates));
    }

    /// <summary>First of the hosted services: web nodes migrate (one at a time, by EF's lock), workers wait until that is done.</summary>
    private sealed class Migrations(IDbContextFactory<LabDb> databases, bool migrates) : IHostedService
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(Patience);
            while (true)
            {
                try
                {
                    if (await IsMigratedAsync(deadline.Token))
                        return;
                    await Task.Delay(500, deadline.Token);
                }
                catch (NpgsqlException e) when (e is PostgresException { IsTransient: false })
                {
                    throw new HostingException(HostingException.DatabaseUnavailable, $"The database refuses us: {e.Message} Check the connection string.", e);
                }
                catch (Exception e) when (DatabaseFault.Is(e) && !deadline.IsCancellationRequested)
                {
                    await Task.Delay(500, deadline.Token);
                }
                catch (Exception e) when (e is OperationCanceledException or NpgsqlException && !cancellationToken.IsCancellationRequested)
                {
                    throw new HostingException(HostingException.DatabaseUnavailable, $"The database could not be reached within {Patience.TotalSeconds:0} s: {e.Message} Check that it runs and that --connection names it.", e);
                }
            }
        }

        private async Task<bool> IsMigratedAsync(CancellationToken cancellation)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (migrates)
                await db.Database.MigrateAsync(cancellation);
            return migrates || !(await db.Database.GetPendingMigrationsAsync(cancellation)).Any();
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
