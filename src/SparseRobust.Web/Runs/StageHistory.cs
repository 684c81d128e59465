using Npgsql;
using SparseRobust.Lab.Recipes;

namespace SparseRobust.Web.Runs;

/// <summary>How long this laboratory's own finished stages took, the latest first and not more than enough for medians.</summary>
internal sealed class StageHistory(NpgsqlDataSource database)
{
    private const int Latest = 500;

    // Only the run that made a stage tells its time; one that reused it waited for nothing. The first dataset of a result is the training set.
    private const string Sql = """
        select s.name, s.wall_seconds, r.recipe_hash, r.recipe::text, (r.result -> 'datasets' -> 0 ->> 'rows')::int,
          coalesce((select sum(a.size) from artifacts a where a.stage_hash = s.hash), 0)::bigint
        from (select stage_hash, min(run_id) as run_id from run_stages where not reused group by stage_hash) made
        join stages s on s.hash = made.stage_hash join runs r on r.id = made.run_id
        where r.task = any($1) and r.state = 'succeeded' and not r.imported and s.wall_seconds > 0
        order by s.recorded_at desc limit $2
        """;

    /// <summary>Measurements of stages of these tasks.</summary>
    public async Task<IReadOnlyList<StageMeasurement>> ReadAsync(IEnumerable<string> tasks, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        // Runs of an older server are listed under the kind alone; their recipes tell which task it was.
        command.Parameters.AddWithValue(tasks.SelectMany(task => new[] { task, task.Split(' ')[0] }).Distinct().ToArray());
        command.Parameters.AddWithValue(Latest);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var recipes = new Dictionary<string, RunRecipe>(StringComparer.Ordinal);
        var measurements = new List<StageMeasurement>();
        while (await reader.ReadAsync(cancellation))
        {
            if (!recipes.TryGetValue(reader.GetString(2), out var recipe))
                recipes[reader.GetString(2)] = recipe = RecipeReader.Read(reader.GetString(3));
            if (StageOutline.Of(recipe, reader.GetInt32(4)).FirstOrDefault(stage => stage.Name == reader.GetString(0)) is { } outline)
                measurements.Add(new StageMeasurement(StageShape.Of(recipe, outline), reader.GetDouble(1) / Math.Max(1, outline.TotalSteps), reader.GetInt64(5)));
        }
        return measurements;
    }
}
