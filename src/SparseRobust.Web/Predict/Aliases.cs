using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Predict;

/// <summary>Reads and moves aliases, for REST and for the page of models.</summary>
internal sealed class Aliases(IDbContextFactory<LabDb> databases, ServedModels models, TimeProvider time)
{
    public async Task<IReadOnlyList<AliasView>> ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Aliases.OrderBy(row => row.Alias).Select(row => new AliasView(row.Alias, row.ModelId, row.ChangedAt)).ToListAsync(cancellation);
    }

    /// <param name="alias">The alias, made if there is none.</param>
    /// <param name="name">A model's id, a run's id or another alias.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Problem">NotFound: the name leads to no model.</exception>
    public async Task<AliasView> PointAsync(string alias, string name, CancellationToken cancellation)
    {
        var model = await models.FindAsync(name, cancellation);
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.ExecuteSqlAsync($"insert into aliases (alias, model_id, changed_at) values ({alias}, {model.Id}, {now}) on conflict (alias) do update set model_id = excluded.model_id, changed_at = excluded.changed_at", cancellation);
        models.Forget(alias);
        return new AliasView(alias, model.Id, now);
    }

    /// <exception cref="Problem">NotFound.</exception>
    public async Task RemoveAsync(string alias, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Aliases.Where(row => row.Alias == alias).ExecuteDeleteAsync(cancellation) == 0)
            throw Problem.NotFound("alias", alias);
        models.Forget(alias);
    }
}
