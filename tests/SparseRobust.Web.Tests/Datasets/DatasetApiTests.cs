using System.Net;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Datasets;

/// <summary>Datasets brought over REST to a server with an empty data folder.</summary>
[Collection(PostgresTests.Name)]
public sealed class DatasetApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private LabServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await LabServer.StartAsync(postgres, "web", options => options with { DatasetBytes = 20_000 });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_sent_is_found_under_its_preferred_name(bool isGzip)
    {
        Assert.Equal("missing", (await Client.JsonAsync("/api/v1/datasets/rte/train")).GetProperty("state").GetString());
        var content = DatasetFixture.Bytes(DatasetFixture.Rte);
        var (status, view) = await Client.PutAsync("rte/train/file", isGzip ? DatasetFixture.Gzip(content) : content);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("found", 5, 2_490), (view.GetProperty("state").GetString(), view.GetProperty("rows").GetInt32(), view.GetProperty("published_rows").GetInt32()));
        Assert.Equal(DatasetFixture.Sha256(content), view.GetProperty("sha256").GetString());
        Assert.Equal([isGzip ? "RTE/train.tsv.gz" : "RTE/train.tsv"], DatasetFixture.FilesOf(_server));
        Assert.Equal(view.GetRawText(), (await Client.JsonAsync("/api/v1/datasets/rte/train")).GetRawText());
        var listed = (await Client.JsonAsync("/api/v1/datasets")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "rte" && item.GetProperty("split").GetString() == "train");
        Assert.Equal(view.GetRawText(), listed.GetRawText());
    }

    [PostgresFact]
    public async Task A_second_file_is_refused_until_it_is_said_to_replace_the_first()
    {
        await Client.PutAsync("rte/train/file", DatasetFixture.Gzip(DatasetFixture.Bytes(DatasetFixture.Rte)));
        var longer = DatasetFixture.Bytes(DatasetFixture.Rte + "9\tThe sea is deep.\tThe sea is wet.\tentailment\n");
        var (status, problem) = await Client.PutAsync("rte/train/file", longer);
        Assert.Equal((HttpStatusCode.Conflict, "StateConflict"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("replace=true", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var first = Path.Combine(_server.Storage, "datasets", "RTE", "train.tsv.gz");
        var before = await File.ReadAllBytesAsync(first);
        using var reader = File.OpenRead(first);
        var (replaced, view) = await Client.PutAsync("rte/train/file?replace=true", longer);
        Assert.Equal((HttpStatusCode.OK, 6, DatasetFixture.Sha256(longer)), (replaced, view.GetProperty("rows").GetInt32(), view.GetProperty("sha256").GetString()));
        Assert.Equal(["RTE/train.tsv"], DatasetFixture.FilesOf(_server));
        // A run that was reading it goes on.
        var read = new byte[before.Length];
        await reader.ReadExactlyAsync(read);
        Assert.Equal(before, read);
    }

    [PostgresFact]
    public async Task A_file_in_an_operator_s_folder_comes_first_and_is_not_hidden()
    {
        using var folder = new OpenFolder();
        Directory.CreateDirectory(folder.Inside("RTE"));
        await File.WriteAllTextAsync(folder.Inside("RTE/train.tsv"), DatasetFixture.Rte);
        await using var server = await LabServer.StartAsync(postgres, "web", options => options with { Data = folder.Path });
        Assert.Equal([folder.Path, Path.Combine(server.Storage, "datasets")], (await server.Client.JsonAsync("/api/v1/datasets")).GetProperty("folders").EnumerateArray().Select(each => each.GetString()));
        var (status, problem) = await server.Client.PutAsync("rte/train/file?replace=true", DatasetFixture.Bytes(DatasetFixture.Rte));
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains(folder.Inside("RTE/train.tsv"), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(DatasetFixture.FilesOf(server));
    }

    [PostgresFact]
    public async Task A_checksum_is_that_of_the_file_or_of_its_content()
    {
        var content = DatasetFixture.Bytes(DatasetFixture.Rte);
        var packed = DatasetFixture.Gzip(content);
        foreach (var (body, wrong) in new[] { (content, new string('a', 64)), (packed, new string('a', 64)) })
        {
            var (status, problem) = await Client.PutAsync($"rte/train/file?sha256={wrong}", body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "DatasetInvalid"), (status, problem.GetProperty("code").GetString()));
            Assert.Contains(DatasetFixture.Sha256(body), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Empty(DatasetFixture.FilesOf(_server));
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PutAsync("rte/train/file?sha256=abc", content)).Status);
        Assert.Equal(HttpStatusCode.Created, (await Client.PutAsync($"rte/train/file?sha256={DatasetFixture.Sha256(packed)}", packed)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.PutAsync($"rte/train/file?replace=true&sha256={DatasetFixture.Sha256(content).ToUpperInvariant()}", packed)).Status);
    }

    [PostgresTheory]
    [InlineData("nonsense", "")]
    [InlineData("", "holds no usable")]
    [InlineData("index\tsentence1\tsentence2\tlabel\n0\ta\tb\tperhaps\n", "\"perhaps\"")]
    public async Task A_broken_file_is_refused_in_the_loader_s_words_and_leaves_nothing(string content, string words)
    {
        var (status, problem) = await Client.PutAsync("rte/train/file", DatasetFixture.Bytes(content));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "DatasetInvalid"), (status, problem.GetProperty("code").GetString()));
        var detail = problem.GetProperty("detail").GetString();
        Assert.StartsWith("train.tsv ", detail, StringComparison.Ordinal);
        Assert.Contains(words, detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Storage, detail, StringComparison.Ordinal);
        Assert.Empty(DatasetFixture.FilesOf(_server));
    }

    [PostgresFact]
    public async Task A_gzip_file_cut_short_is_refused()
    {
        var (status, problem) = await Client.PutAsync("rte/train/file", DatasetFixture.Gzip(DatasetFixture.Bytes(DatasetFixture.Rte))[..^9]);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "DatasetInvalid"), (status, problem.GetProperty("code").GetString()));
        Assert.Empty(DatasetFixture.FilesOf(_server));
    }

    [PostgresFact]
    public async Task What_is_too_large_as_it_comes_or_unpacked_is_refused()
    {
        var large = DatasetFixture.Bytes(string.Concat(Enumerable.Repeat(DatasetFixture.Rte, 100)));
        Assert.True(large.Length > 20_000 && DatasetFixture.Gzip(large).Length < 20_000);
        var (status, problem) = await Client.PutAsync("rte/train/file", DatasetFixture.Gzip(large));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestTooLarge"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("unpacked", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Client.PutAsync("rte/train/file", large)).Status);
        Assert.Empty(DatasetFixture.FilesOf(_server));
    }

    [PostgresTheory]
    [InlineData("no-such/train", "rte")]
    [InlineData("rte/test", "train, dev")]
    [InlineData("shortcut-nli/train", "mnli")]
    public async Task An_unknown_split_is_answered_with_those_there_are(string address, string words)
    {
        foreach (var (status, problem) in new[] { await Client.PutAsync($"{address}/file", []), await Client.SendAsync(HttpMethod.Get, $"/api/v1/datasets/{address}") })
        {
            Assert.Equal((HttpStatusCode.NotFound, "NotFound"), (status, problem.GetProperty("code").GetString()));
            Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task HANS_made_anew_keeps_the_name_that_tells_so()
    {
        var (status, _) = await Client.PutAsync("hans/evaluation/file?file=heuristics_evaluation_set.regen.txt.gz", DatasetFixture.Bytes(DatasetFixture.Hans));
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("hans-regenerated", (await Client.JsonAsync("/api/v1/datasets/hans/evaluation")).GetProperty("name").GetString());
        Assert.Equal(["hans/heuristics_evaluation_set.regen.txt"], DatasetFixture.FilesOf(_server));
        await Client.PutAsync("hans/evaluation/file?replace=true", DatasetFixture.Bytes(DatasetFixture.Hans));
        Assert.Equal("hans", (await Client.JsonAsync("/api/v1/datasets/hans/evaluation")).GetProperty("name").GetString());
        Assert.Equal(["heuristics_evaluation_set.txt"], DatasetFixture.FilesOf(_server));
    }

    [PostgresFact]
    public async Task Broken_rows_are_counted_and_the_first_hundred_listed_with_their_lines()
    {
        var rows = string.Concat(Enumerable.Range(0, 120_000).Select(i => i < 110 ? $"{i}\n" : $"{i}\ta\tb\tentailment\n"));
        await using var server = await LabServer.StartAsync(postgres, "web");
        var (status, view) = await server.Client.PutAsync("rte/train/file", DatasetFixture.Bytes("index\tsentence1\tsentence2\tlabel\n" + rows));
        Assert.Equal((HttpStatusCode.Created, 110, 100), (status, view.GetProperty("broken_row_count").GetInt32(), view.GetProperty("broken_rows").GetArrayLength()));
        Assert.Equal((2, 101), (view.GetProperty("broken_rows")[0].GetProperty("line").GetInt32(), view.GetProperty("broken_rows")[99].GetProperty("line").GetInt32()));
    }

    [PostgresTheory]
    [InlineData(null, HttpStatusCode.Created)]
    [InlineData("application/gzip", HttpStatusCode.Created)]
    [InlineData("multipart/form-data; boundary=x", HttpStatusCode.UnsupportedMediaType)]
    public async Task The_body_is_the_file_itself(string? type, HttpStatusCode expected) =>
        Assert.Equal(expected, (await Client.PutAsync("rte/train/file", DatasetFixture.Bytes(DatasetFixture.Rte), type)).Status);

    [PostgresFact]
    public async Task Of_two_at_the_same_moment_one_is_taken()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Client.PutAsync("rte/train/file", DatasetFixture.Bytes(DatasetFixture.Rte))));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
        Assert.Equal(["RTE/train.tsv"], DatasetFixture.FilesOf(_server));
    }

    [PostgresFact]
    public async Task What_a_killed_server_left_is_cleared_away_but_not_what_comes_in_now()
    {
        var incoming = Path.Combine(_server.Storage, "datasets", ".incoming");
        foreach (var (name, age) in new[] { ("old", 2.0), ("now", 0.0) })
        {
            Directory.CreateDirectory(Path.Combine(incoming, name));
            Directory.SetLastWriteTimeUtc(Path.Combine(incoming, name), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-age));
        }
        await Client.PutAsync("rte/train/file", DatasetFixture.Bytes(DatasetFixture.Rte));
        Assert.Equal([Path.Combine(incoming, "now")], Directory.GetDirectories(incoming));
    }

    [PostgresFact]
    public async Task The_answers_and_their_failures_are_those_of_the_description()
    {
        var check = new SchemaCheck(await Client.JsonAsync("/openapi/v1.json"));
        const string put = "#/paths/~1api~1v1~1datasets~1{name}~1{split}~1file/put", list = "#/paths/~1api~1v1~1datasets/get";
        Assert.Equal(["name", "split", "sha256", "file", "replace"], check.At(put + "/parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal(["200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "503", "507", "default"], check.At(put + "/responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
        var (_, view) = await Client.PutAsync("rte/train/file", DatasetFixture.Bytes(DatasetFixture.Rte));
        Assert.Empty(check.Faults(check.At(put + "/responses/201/content/application~1json/schema"), view));
        Assert.Empty(check.Faults(check.At(list + "/responses/200/content/application~1json/schema"), await Client.JsonAsync("/api/v1/datasets")));
    }
}
