using Npgsql;

namespace SparseRobust.Web.Runs;

/// <summary>Points of one series within one stage.</summary>
/// <param name="Key">train/loss.</param>
/// <param name="Stage">The stage they were measured in.</param>
/// <param name="N">How many points lie behind them.</param>
/// <param name="Points">In step order.</param>
public sealed record MetricSeries(string Key, string Stage, long N, IReadOnlyList<MetricBucket> Points);

/// <summary>Neighbouring points, exactly: how many, the smallest and largest value, and the last one with its step.</summary>
public sealed record MetricBucket(int Step, long Count, double Min, double Max, double Last);

/// <summary>A run's curves at a resolution fit for drawing.</summary>
public sealed record MetricAnswer(string RunId, long LastSequence, IReadOnlyList<MetricSeries> Series);

/// <summary>Reads curves; the database does the thinning, so a million points cost what is drawn.</summary>
internal sealed class RunMetrics(NpgsqlDataSource database)
{
    // A bucket is as many steps wide as it takes for at most $5 buckets over the steps asked for.
    internal const string Sql = """
        with span as (
          select coalesce($3, min(step)) as low, coalesce($4, max(step)) as high from metric_points where run_id = $1 and series = $2)
        select stage, max(step), count(*), min(value), max(value), (array_agg(value order by step desc, sequence desc))[1]
        from metric_points, span
        where run_id = $1 and series = $2 and step between low and high
        group by stage, (step::bigint - low) / greatest(1, (high::bigint - low + $5) / $5)
        order by 2
        """;

    // Hops from name to name along the index instead of reading every point.
    internal const string KeysSql = """
        with recursive keys as (
          (select series from metric_points where run_id = $1 order by series limit 1)
          union all
          select (select series from metric_points where run_id = $1 and series > keys.series order by series limit 1) from keys where keys.series is not null)
        select series from keys where series is not null
        """;

    public async Task<IReadOnlyList<MetricSeries>> ReadAsync(string runId, string key, (int? From, int? To) steps, int maxPoints, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(runId);
        command.Parameters.AddWithValue(key);
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = steps.From });
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = steps.To });
        command.Parameters.AddWithValue(maxPoints);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var buckets = new List<(string Stage, MetricBucket Bucket)>();
        while (await reader.ReadAsync(cancellation))
            buckets.Add((reader.GetString(0), new MetricBucket(reader.GetInt32(1), reader.GetInt64(2), reader.GetDouble(3), reader.GetDouble(4), reader.GetDouble(5))));
        return [.. buckets.GroupBy(each => each.Stage).Select(stage => new MetricSeries(key, stage.Key, stage.Sum(each => each.Bucket.Count), [.. stage.Select(each => each.Bucket)]))];
    }

    /// <summary>The names of a run's series.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string runId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(KeysSql);
        command.Parameters.AddWithValue(runId);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellation))
            keys.Add(reader.GetString(0));
        return keys;
    }
}
