using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SparseRobust.Web.Persistence;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

[Collection(PostgresTests.Name)]
public sealed class RunGroupsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private ServiceProvider _services = null!;
    private RunGroups _groups = null!;
    private int _made;

    public async Task InitializeAsync()
    {
        var connection = await postgres.CreateDatabaseAsync();
        _services = new ServiceCollection().AddDbContextFactory<LabDb>(builder => builder.UseNpgsql(connection)).BuildServiceProvider();
        var factory = _services.GetRequiredService<IDbContextFactory<LabDb>>();
        _groups = new RunGroups(factory);
        await using var db = await factory.CreateDbContextAsync();
        await db.Database.MigrateAsync();
        Add(db, "b", seed: 2, sparsity: 0.5, value: 0.6, cell: "half");
        Add(db, "b", seed: 1, sparsity: 0.5, value: 0.5, cell: "half");
        Add(db, "b", seed: 1, sparsity: 0.5, value: 0.7, cell: "half", rerun: 1);
        Add(db, "a", seed: 1, sparsity: null, value: 0.9, cell: "dense");
        Add(db, "c", seed: 1, sparsity: 0, value: double.NaN, cell: null);
        Add(db, "c", seed: 2, sparsity: 0, value: null, cell: null);
        await db.SaveChangesAsync();
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [PostgresFact]
    public async Task A_repetition_stands_for_its_seed_and_the_first_made_comes_first()
    {
        var groups = await ReadAsync(new GroupQuery());
        Assert.Equal(["b", "a", "c"], groups.Select(group => (string?)group.Keys["recipe_hash"]));
        var (half, score) = (groups[0], Assert.Single(groups[0].Scores));
        Assert.Equal((3, 1, "half"), (half.RunCount, half.RecipeCount, half.Cell));
        Assert.Equal([1, 2], half.Seeds);
        Assert.Equal(0.5, (double?)half.Keys["sparsity"]);
        Assert.Equal(2, score.N);
        Assert.Equal(0.65, score.Mean!.Value, 1e-12);
        Assert.Equal(100, score.Rows);
    }

    [PostgresFact]
    public async Task What_has_no_sparsity_is_no_model_of_sparsity_0()
    {
        var groups = await ReadAsync(new GroupQuery("sparsity"));
        Assert.Equal([0.5, null, 0.0], groups.Select(group => (double?)group.Keys["sparsity"]));
        Assert.Equal(0.9, Assert.Single(groups[1].Scores).Mean);
    }

    [PostgresFact]
    public async Task Groups_of_several_recipes_tell_their_seeds_apart()
    {
        var group = Assert.Single(await ReadAsync(new GroupQuery("task")));
        Assert.Equal((6, 3), (group.RunCount, group.RecipeCount));
        Assert.Null(group.Cell);
        Assert.Equal((4, null), (Assert.Single(group.Scores).N, Assert.Single(group.Scores).Mean));
        Assert.Equal(new Dictionary<string, int> { ["queued"] = 1, ["succeeded"] = 5 }, group.States);
    }

    [PostgresFact]
    public async Task A_filter_and_the_wanted_scores_narrow_it()
    {
        Assert.Equal(["a", "c"], (await ReadAsync(new GroupQuery(Filter: "seed:1 sparsity:0"))).Concat(await ReadAsync(new GroupQuery(Filter: "dense"))).Select(group => (string?)group.Keys["recipe_hash"]).Order());
        Assert.All(await ReadAsync(new GroupQuery(Metric: "f1")), group => Assert.Empty(group.Scores));
        Assert.All(await ReadAsync(new GroupQuery(Dataset: "qqp")), group => Assert.Empty(group.Scores));
        Assert.Equal([1.0], (await ReadAsync(new GroupQuery(Filter: "recipe:a", Slice: "label=entailment"))).Select(group => Assert.Single(group.Scores).Mean!.Value));
    }

    private Task<IReadOnlyList<GroupView>> ReadAsync(GroupQuery query) => _groups.ReadAsync(query, CancellationToken.None);

    private void Add(LabDb db, string recipe, long seed, double? sparsity, double? value, string? cell, int rerun = 0)
    {
        var id = $"{recipe}-{seed}-{rerun}";
        var state = value is null ? RunState.Queued : RunState.Succeeded;
        db.Runs.Add(new RunRow { Id = id, RecipeHash = recipe, Seed = seed, Rerun = rerun, Recipe = "{}", Task = "t", Model = "m", Paradigm = "p", Sparsity = sparsity, Cell = cell, State = state, CreatedAt = _start.AddMinutes(_made++) });
        if (value is not { } number)
            return;
        db.Scores.Add(ScoreOf(id, seed, "all", number, isFinal: true));
        db.Scores.Add(ScoreOf(id, seed, "label=entailment", 1, isFinal: true));
        db.Scores.Add(ScoreOf(id, seed, "all", 0, isFinal: false));
    }

    private static ScoreRow ScoreOf(string run, long seed, string slice, double value, bool isFinal) => new()
    {
        RunId = run,
        StageOrdinal = isFinal ? 1 : 0,
        Stage = "evaluate",
        StageHash = "h",
        Dataset = "hans",
        DatasetSha256 = "s",
        Split = "evaluation",
        Slice = slice,
        Metric = "accuracy",
        Value = value,
        N = 100,
        Seed = seed,
        IsFinal = isFinal,
    };
}
