using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>The two questions to the database: one row for each group of runs, and one for each of its scores, with the values of all seeds in arrays.</summary>
internal static class GroupSql
{
    private static readonly RunState[] States = Enum.GetValues<RunState>();

    /// <summary>id of the group, seeds, counts, names, counts by state, then what is shown of the keys; oldest group first.</summary>
    public static DbCommand Groups(LabDb db, GroupKeys keys, string? filter) => Over(db, filter, runs => $"""
        select row({Columns(keys)})::text, array_agg(distinct run.seed order by run.seed), count(*), count(distinct run.recipe_hash), {Single("cell")}, {Single("name")},
          array[{string.Join(", ", States.Select(state => $"count(*) filter (where run.state = '{state.Word()}')"))}],
          {string.Join(", ", keys.Shown.Select(name => $"min(run.{name})"))}
        from runs run where {runs}
        group by {Columns(keys)}
        order by min(run.created_at), min(run.id)
        """);

    /// <summary>id of the group, dataset, split, slice, metric, then recipe, seed, repetition, value and rows of each run.</summary>
    public static DbCommand Scores(LabDb db, GroupKeys keys, GroupQuery query)
    {
        var command = Over(db, query.Filter, runs => $"""
            select row({Columns(keys)})::text, score.dataset, score.split, score.slice, score.metric,
              array_agg(run.recipe_hash), array_agg(run.seed), array_agg(run.rerun), array_agg(score.value), array_agg(score.n)
            from scores score join runs run on run.id = score.run_id
            where score.is_final and score.slice = @group_slice and (@group_dataset is null or score.dataset = @group_dataset) and (@group_metric is null or score.metric = @group_metric) and {runs}
            group by {Columns(keys)}, score.dataset, score.split, score.slice, score.metric
            """);
        command.Parameters.Add(new NpgsqlParameter<string>("group_slice", query.Slice ?? "all"));
        command.Parameters.Add(new NpgsqlParameter<string?>("group_dataset", query.Dataset is { Length: > 0 } dataset ? dataset : null));
        command.Parameters.Add(new NpgsqlParameter<string?>("group_metric", query.Metric is { Length: > 0 } metric ? metric : null));
        return command;
    }

    /// <summary>Counts of <see cref="Groups"/> by state, without zeros.</summary>
    public static IReadOnlyDictionary<string, int> ByState(long[] counts) =>
        States.Zip(counts).Where(each => each.Second > 0).ToDictionary(each => each.First.Word(), each => (int)each.Second);

    private static string Columns(GroupKeys keys) => string.Join(", ", keys.By.Select(name => $"run.{name}"));

    // The one value that all runs have; none when they differ or one has none.
    private static string Single(string column) => $"case when min(run.{column}) = max(run.{column}) and count(run.{column}) = count(*) then min(run.{column}) end";

    // The filter is written once, as a query; what it leaves goes in here as it is, with its parameters.
    private static DbCommand Over(LabDb db, string? filter, Func<string, string> sql)
    {
        var command = RunList.Filtered(db, filter).Select(run => run.Id).CreateDbCommand();
        command.CommandText = sql(string.IsNullOrWhiteSpace(filter) ? "true" : $"run.id in ({command.CommandText})");
        return command;
    }
}
