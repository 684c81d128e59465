using System.Net;

namespace SparseRobust.Web.Tests.Hosting;

[Collection(PostgresTests.Name)]
public sealed class IdempotencyTests(PostgresFixture postgres)
{
    private static string Body(int rows) => $$"""{"recipe":{{TinyRecipe.Of(1, rows)}},"rerun":true}""";

    private static (string, string) Key(string key) => ("Idempotency-Key", key);

    [PostgresFact]
    public async Task The_same_key_gets_the_first_answer_and_makes_no_second_run()
    {
        var client = (await postgres.IdleServerAsync()).Client;
        var first = await client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(601), Key("first"));
        var id = first.Json.GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.Accepted, (await client.SendAsync(HttpMethod.Post, $"/api/v1/runs/{id}/cancel")).Status);
        var second = await client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(601), Key("first"));
        Assert.Equal((HttpStatusCode.Created, first.Json.GetRawText()), (second.Status, second.Json.GetRawText()));
        Assert.Single((await client.JsonAsync($"/api/v1/runs?filter={id}")).GetProperty("items").EnumerateArray());
        var other = await client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(602), Key("first"));
        Assert.Equal((409, "IdempotencyConflict"), ((int)other.Status, other.Json.GetProperty("code").GetString()));
    }

    [PostgresFact]
    public async Task At_the_same_moment_one_is_done_and_the_others_are_told()
    {
        var client = (await postgres.IdleServerAsync()).Client;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(603), Key("together"))));
        Assert.All(answers, answer => Assert.Contains((int)answer.Status, (int[])[201, 409]));
        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.Created).Select(answer => answer.Json.GetRawText()).Distinct());
    }

    [PostgresFact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var client = (await postgres.IdleServerAsync()).Client;
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(HttpMethod.Post, "/api/v1/runs", "{}", Key("again"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(604), Key("again"))).Status);
    }

    [PostgresFact]
    public async Task A_key_whose_server_died_while_answering_is_free_again()
    {
        var server = await postgres.IdleServerAsync();
        await server.ExecuteAsync("insert into idempotency_keys (key, request_sha256, created_at) values ('orphan', 'x', now() - interval '10 minutes')");
        Assert.Equal(HttpStatusCode.Created, (await server.Client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(605), Key("orphan"))).Status);
    }

    [PostgresFact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        var client = (await postgres.IdleServerAsync()).Client;
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(HttpMethod.Post, "/api/v1/runs", Body(606), Key(new string('k', 201)))).Status);
    }
}
