using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>Groups of runs with exact statistics of their final scores: mean, standard deviation and 95 % interval over seeds. The database groups; the sums are <see cref="SeedMeasure"/>'s, as everywhere.</summary>
internal sealed class RunGroups(IDbContextFactory<LabDb> databases)
{
    public async Task<IReadOnlyList<GroupView>> ReadAsync(GroupQuery query, CancellationToken cancellation)
    {
        var keys = GroupKeys.Parse(query.By);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // One picture: a run that ends between the two questions is in both answers or in neither.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var ofScores = GroupSql.Scores(db, keys, query);
        var scores = (await ReadAsync(ofScores, transaction, ScoreOf, cancellation)).ToLookup(score => score.Group, score => score.Summary);
        await using var ofGroups = GroupSql.Groups(db, keys, query.Filter);
        return await ReadAsync(ofGroups, transaction, row => ViewOf(keys, row, scores), cancellation);
    }

    private static async Task<List<T>> ReadAsync<T>(DbCommand command, IDbContextTransaction transaction, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        command.Transaction = transaction.GetDbTransaction();
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private static (string Group, ScoreSummary Summary) ScoreOf(DbDataReader row)
    {
        var (recipes, seeds, reruns) = (row.GetFieldValue<string[]>(5), row.GetFieldValue<long[]>(6), row.GetFieldValue<int[]>(7));
        var (values, rows) = (row.GetFieldValue<double[]>(8), row.GetFieldValue<int[]>(9));
        var measure = SeedMeasure.Of(values.Select((value, i) => new SeedValue(recipes[i], seeds[i], reruns[i], value, rows[i])))!;
        return (row.GetString(0), ScoreSummary.Of((row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), measure));
    }

    private static GroupView ViewOf(GroupKeys keys, DbDataReader row, ILookup<string, ScoreSummary> scores) => new()
    {
        Seeds = row.GetFieldValue<long[]>(1),
        RunCount = (int)row.GetInt64(2),
        RecipeCount = (int)row.GetInt64(3),
        Cell = row.IsDBNull(4) ? null : row.GetString(4),
        Name = row.IsDBNull(5) ? null : row.GetString(5),
        States = GroupSql.ByState(row.GetFieldValue<long[]>(6)),
        Keys = keys.Named([.. Enumerable.Range(7, keys.Shown.Count).Select(row.GetValue)]),
        Scores = [.. scores[row.GetString(0)].OrderBy(score => (score.Dataset, score.Split, score.Slice, score.Metric))],
    };
}
