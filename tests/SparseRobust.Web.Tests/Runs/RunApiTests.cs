using System.Net;
using System.Text;
using System.Text.Json;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>/api/v1/runs on a server whose runs stay queued: each success and each refusal.</summary>
[Collection(PostgresTests.Name)]
public sealed class RunApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static int _rows = 1_000;
    private LabServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await postgres.IdleServerAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A recipe that no other test has.</summary>
    private static string NewRecipe() => TinyRecipe.Of(1, Interlocked.Increment(ref _rows));

    private static string Create(string recipe, string further = "") => $$"""{"recipe":{{recipe}}{{further}}}""";

    private Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, string? json, params (string, string)[] headers) => Client.SendAsync(HttpMethod.Post, path, json, headers);

    private static async Task<JsonElement> RefusedAsync(int status, string code, Task<(HttpStatusCode Status, JsonElement Json)> asked)
    {
        var (got, problem) = await asked;
        Assert.True(status == (int)got && problem.GetProperty("code").GetString() == code, $"{(int)got} {problem}, not {status} {code}");
        Assert.Equal($"/problems/{code}", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        return problem;
    }

    [PostgresFact]
    public async Task A_new_run_is_queued_and_answers_itself_when_asked_for_again()
    {
        var recipe = NewRecipe();
        var (status, json) = await PostAsync("/api/v1/runs", Create(recipe, ""","seeds":[1,2],"name":"two seeds","tags":["a","b"],"notes":"why","priority":3"""));
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.All(json.GetProperty("items").EnumerateArray(), item => Assert.True(item.GetProperty("is_new").GetBoolean()));
        var id = json.GetProperty("items")[0].GetProperty("id").GetString()!;
        var run = await Client.JsonAsync($"/api/v1/runs/{id}");
        Assert.Equal(("queued", "two seeds", "why", 3, 1), (run.GetProperty("state").GetString(), run.GetProperty("name").GetString(), run.GetProperty("notes").GetString(), run.GetProperty("priority").GetInt32(), run.GetProperty("seed").GetInt32()));
        var (again, same) = await PostAsync("/api/v1/runs", Create(recipe));
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal((id, false), (same.GetProperty("items")[0].GetProperty("id").GetString(), same.GetProperty("items")[0].GetProperty("is_new").GetBoolean()));
    }

    [PostgresFact]
    public async Task Created_at_the_same_moment_twice_a_run_is_one()
    {
        var body = Create(NewRecipe());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync("/api/v1/runs", body)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Single(answers.Select(answer => answer.Json.GetProperty("items")[0].GetProperty("id").GetString()).Distinct());
    }

    [PostgresFact]
    public async Task Every_fault_of_a_recipe_is_told_at_once_by_its_path()
    {
        const string faulty = """{"task":{"kind":"shortcut-nli","train_rows":1,"colour":"red"},"model":{"kind":"bert","hidden_size":-3},"paradigm":{"kind":"full-model"},"wrong":1}""";
        var problem = await RefusedAsync(422, "RecipeInvalid", PostAsync("/api/v1/runs", Create(faulty)));
        var paths = problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ToList();
        Assert.True(paths.Count >= 3, string.Join(", ", paths));
        Assert.All(paths, path => Assert.StartsWith("$", path, StringComparison.Ordinal));
    }

    [PostgresTheory]
    [InlineData("""{"recipee":{}}""", "RequestInvalid")]
    [InlineData("""{}""", "RequestInvalid")]
    [InlineData("""{"preset":"no such"}""", "RequestInvalid")]
    [InlineData("""{"preset":"no such","recipe":{}}""", "RequestInvalid")]
    [InlineData("""{"recipe":"text"}""", "RequestInvalid")]
    [InlineData("""{"recipe":{},"seeds":["one"]}""", "RequestInvalid")]
    [InlineData("""{"recipe":{},"priority":101}""", "RequestInvalid")]
    [InlineData("""{"recipe":{},"tags":["a\nb"]}""", "RequestInvalid")]
    [InlineData("""{"recipe":{},"tags":null}""", "RequestInvalid")]
    [InlineData("""{"recipe":""", "RequestInvalid")]
    [InlineData("""[]""", "RequestInvalid")]
    [InlineData("", "RequestInvalid")]
    public async Task What_cannot_be_read_is_refused(string body, string code) => await RefusedAsync(400, code, PostAsync("/api/v1/runs", body));

    [PostgresFact]
    public async Task A_null_character_is_refused_wherever_it_comes()
    {
        var recipe = NewRecipe();
        await RefusedAsync(400, "RequestInvalid", PostAsync("/api/v1/runs", Create(recipe, ",\"name\":\"a\\u0000b\"")));
        await RefusedAsync(400, "RequestInvalid", Client.SendAsync(HttpMethod.Get, "/api/v1/runs?filter=a%00b"));
    }

    [PostgresTheory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1,2147483648")]
    public async Task Seeds_that_make_no_sense_are_refused(string seeds) => await RefusedAsync(400, "RequestInvalid", PostAsync("/api/v1/runs", Create(NewRecipe(), $",\"seeds\":[{seeds}]")));

    [PostgresFact]
    public async Task A_body_that_is_too_large_is_refused() =>
        await RefusedAsync(413, "RequestTooLarge", PostAsync("/api/v1/runs", $$"""{"notes":"{{new string('x', 10 << 20)}}"}"""));

    [PostgresFact]
    public async Task A_body_that_is_not_json_is_refused()
    {
        using var content = new StringContent("recipe=1", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await Client.PostAsync(new Uri("/api/v1/runs", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("MediaTypeUnsupported", JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString());
    }

    [PostgresTheory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_page_of_another_site_may_change_nothing(string origin)
    {
        var body = Create(NewRecipe());
        await RefusedAsync(403, "OriginRefused", PostAsync("/api/v1/runs", body, ("Origin", origin)));
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("/api/v1/runs", body, ("Origin", Client.BaseAddress!.GetLeftPart(UriPartial.Authority)))).Status);
    }

    [PostgresFact]
    public async Task A_page_of_another_site_may_not_listen_in_on_the_hub() =>
        await RefusedAsync(403, "OriginRefused", Client.SendAsync(HttpMethod.Get, "/hubs/runs?id=x", null, ("Origin", "http://evil.example")));

    [PostgresFact]
    public async Task A_name_that_is_not_ours_is_not_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs") { Headers = { Host = "evil.example" } };
        using var response = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [PostgresTheory]
    [InlineData("no-such-run")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%2e%2e%2fowner.lock")]
    [InlineData("a'%20or%20'1'='1")]
    public async Task An_unknown_run_is_not_found_whatever_is_asked_of_it(string id)
    {
        foreach (var what in new[] { "", "/metrics", "/events", "/log", "/scores", "/masks" })
            await RefusedAsync(404, "NotFound", Client.SendAsync(HttpMethod.Get, $"/api/v1/runs/{id}{what}"));
        foreach (var what in new[] { "/cancel", "/resume", "/clone" })
            await RefusedAsync(404, "NotFound", PostAsync($"/api/v1/runs/{id}{what}", "{}"));
        await RefusedAsync(404, "NotFound", Client.SendAsync(HttpMethod.Patch, $"/api/v1/runs/{id}", "{}"));
        await RefusedAsync(404, "NotFound", Client.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{id}"));
    }

    [PostgresFact]
    public async Task What_is_not_answered_says_so_as_a_problem()
    {
        await RefusedAsync(404, "NotFound", Client.SendAsync(HttpMethod.Get, "/api/v1/nowhere"));
        await RefusedAsync(405, "MethodNotAllowed", Client.SendAsync(HttpMethod.Put, "/api/v1/runs", "{}"));
    }

    [PostgresTheory]
    [InlineData("page_token=nonsense")]
    [InlineData("page_token=" + "OTk5OTk5OTk5OTk5OTk5OTk5OTk")]
    [InlineData("sort=name")]
    [InlineData("page_size=0")]
    [InlineData("page_size=1001")]
    [InlineData("page_size=many")]
    [InlineData("filter=state:asleep")]
    [InlineData("filter=state:99")]
    [InlineData("filter=colour:red")]
    [InlineData("filter=seed:one")]
    [InlineData("filter=sparsity:much")]
    public async Task A_list_that_makes_no_sense_is_refused(string query) => await RefusedAsync(400, "RequestInvalid", Client.SendAsync(HttpMethod.Get, $"/api/v1/runs?{query}"));

    [PostgresFact]
    public async Task A_list_is_paged_and_filtered()
    {
        var (_, made) = await PostAsync("/api/v1/runs", Create(NewRecipe(), ""","seeds":[1,2,3,4,5],"tags":["paged"]"""));
        var ids = made.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
        var read = new List<string>();
        string? token = "";
        while (token is not null)
        {
            var page = await Client.JsonAsync($"/api/v1/runs?filter=tag:paged state:queued&page_size=2&page_token={token}");
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        Assert.Equal(ids.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        var oldest = await Client.JsonAsync("/api/v1/runs?filter=tag:paged&sort=created_at");
        Assert.Equal(read.AsEnumerable().Reverse(), oldest.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        var one = await Client.JsonAsync($"/api/v1/runs?filter=tag:paged seed:3 task:shortcut-nli pruning:mask-training sparsity:0.5 objective:product-of-experts {ids[2]}");
        Assert.Equal(ids[2], Assert.Single(one.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty((await Client.JsonAsync("/api/v1/runs?filter=tag:paged 100%25")).GetProperty("items").EnumerateArray());
    }

    [PostgresFact]
    public async Task Name_tags_and_notes_are_changed_and_nothing_else()
    {
        var id = await Client.CreateRunAsync(NewRecipe());
        var (status, run) = await Client.SendAsync(HttpMethod.Patch, $"/api/v1/runs/{id}", """{"name":"new","tags":["x","x","y"]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("new", 2), (run.GetProperty("name").GetString(), run.GetProperty("tags").GetArrayLength()));
        (_, run) = await Client.SendAsync(HttpMethod.Patch, $"/api/v1/runs/{id}", """{"name":"","notes":"n"}""");
        Assert.False(run.TryGetProperty("name", out _));
        Assert.Equal(("n", 2), (run.GetProperty("notes").GetString(), run.GetProperty("tags").GetArrayLength()));
        await RefusedAsync(400, "RequestInvalid", Client.SendAsync(HttpMethod.Patch, $"/api/v1/runs/{id}", """{"state":"succeeded"}"""));
        await RefusedAsync(400, "RequestInvalid", Client.SendAsync(HttpMethod.Patch, $"/api/v1/runs/{id}", $$"""{"name":"{{new string('n', 251)}}"}"""));
    }

    [PostgresFact]
    public async Task A_queued_run_is_cancelled_resumed_cloned_and_deleted()
    {
        var id = await Client.CreateRunAsync(NewRecipe());
        await RefusedAsync(409, "StateConflict", PostAsync($"/api/v1/runs/{id}/resume", null));
        var (status, run) = await PostAsync($"/api/v1/runs/{id}/cancel", null);
        Assert.Equal((HttpStatusCode.Accepted, "cancelled"), (status, run.GetProperty("state").GetString()));
        await RefusedAsync(409, "StateConflict", PostAsync($"/api/v1/runs/{id}/cancel", null));
        (status, run) = await PostAsync($"/api/v1/runs/{id}/resume", null);
        Assert.Equal((HttpStatusCode.Accepted, "queued"), (status, run.GetProperty("state").GetString()));
        (status, var clones) = await PostAsync($"/api/v1/runs/{id}/clone", """{"seeds":[8,9],"name":"clone"}""");
        Assert.Equal((HttpStatusCode.Created, 2), (status, clones.GetProperty("items").GetArrayLength()));
        (status, clones) = await PostAsync($"/api/v1/runs/{id}/clone", "{}");
        Assert.Equal((HttpStatusCode.OK, id), (status, clones.GetProperty("items")[0].GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await Client.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{id}")).Status);
        await RefusedAsync(404, "NotFound", Client.SendAsync(HttpMethod.Get, $"/api/v1/runs/{id}"));
    }

    [PostgresFact]
    public async Task A_run_under_way_is_neither_resumed_nor_deleted()
    {
        var id = await Client.CreateRunAsync(NewRecipe());
        await _server.ExecuteAsync($"update runs set state = 'running', lease_epoch = 1, lease_node = 'far', lease_renewed_at = now() + interval '1 day' where id = '{id}'");
        await RefusedAsync(409, "StateConflict", PostAsync($"/api/v1/runs/{id}/resume", null));
        await RefusedAsync(409, "StateConflict", Client.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{id}"));
        var (status, run) = await PostAsync($"/api/v1/runs/{id}/cancel", null);
        Assert.Equal((HttpStatusCode.Accepted, "cancelling"), (status, run.GetProperty("state").GetString()));
        await RefusedAsync(409, "StateConflict", Client.SendAsync(HttpMethod.Delete, $"/api/v1/runs/{id}"));
        await _server.ExecuteAsync($"update runs set lease_renewed_at = now() - interval '1 hour' where id = '{id}'");
        await Client.StateAsync(id, "cancelled");
    }
}
