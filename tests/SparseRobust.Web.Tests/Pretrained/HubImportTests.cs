using Microsoft.AspNetCore.Http;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Pretrained;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>Importing from a hub of the test's own.</summary>
public sealed class HubImportTests : IAsyncLifetime
{
    private const string Weights = "model.safetensors";
    private static readonly string[] Kept = ["tiny/README.md", "tiny/config.json", "tiny/import.json", "tiny/model.safetensors", "tiny/vocab.txt"];

    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_repository_is_fetched_checked_and_kept_without_what_is_not_a_model_s(bool saysDigests)
    {
        _hub.SaysDigests = saysDigests;
        await using var bench = new ImportBench(_hub.Address);
        var (started, isThere) = await bench.StartAsync();
        Assert.Equal((ImportBench.Name, true, false), (started.Id, started.IsUnderWay, isThere));
        var import = await bench.EndAsync(ImportState.Succeeded);
        Assert.Equal(Kept, bench.Files);
        var model = bench.Store.Find(ImportBench.Name)!;
        Assert.Equal((new HubSource { Repository = FakeHub.Repository }, _hub.Commit, "bert", 24), (model.Source, model.Commit, model.Model.Kind, model.Model.VocabularySize));
        Assert.Equal(ModelFixture.Sha256(ModelFixture.Weights), model.Files.Single(file => file.Name == Weights).Sha256);
        Assert.Equal((model.Size, model.Size, 4), (import.DoneBytes, import.TotalBytes!.Value, import.Files.Count));
        Assert.Equal(ModelFixture.Weights, await File.ReadAllBytesAsync(Path.Combine(bench.Store.Folder, ImportBench.Name, Weights)));
    }

    [Fact]
    public async Task Weights_in_parts_come_with_all_their_parts()
    {
        _hub.Files.Remove(Weights);
        foreach (var (name, content) in ModelFixture.Shards())
            _hub.Files[name] = content;
        await using var bench = new ImportBench(_hub.Address);
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Contains("tiny/model-00002-of-00002.safetensors", bench.Files);
    }

    [Fact]
    public async Task A_part_that_is_missing_is_named()
    {
        _hub.Files.Remove(Weights);
        foreach (var (name, content) in ModelFixture.Shards())
            _hub.Files[name] = content;
        _hub.Files.Remove("model-00002-of-00002.safetensors");
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "ModelInvalid", "model-00002-of-00002.safetensors");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_connection_that_drops_at_any_byte_goes_on_from_there(int seed)
    {
        var after = new Random(seed).Next(1, ModelFixture.Weights.Length);
        var drops = 1;
        Interpose(Weights, async context =>
        {
            if (drops-- > 0)
                await _hub.BreakOffAsync(context, Weights, after);
            else
                await _hub.SendAsync(context, Weights);
        });
        await using var bench = new ImportBench(_hub.Address);
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Equal(["", $"bytes={after}-"], _hub.RangesOf(Weights));
        Assert.Equal(ModelFixture.Weights, await File.ReadAllBytesAsync(Path.Combine(bench.Store.Folder, ImportBench.Name, Weights)));
    }

    [Fact]
    public async Task A_file_that_changed_between_two_tries_is_fetched_anew()
    {
        var tries = 0;
        Interpose(Weights, async context =>
        {
            if (tries++ > 0)
            {
                await _hub.SendAsync(context, Weights);
                return;
            }
            context.Response.Headers.ETag = "\"another\"";
            context.Response.ContentLength = ModelFixture.Weights.Length;
            await context.Response.Body.WriteAsync(new byte[500]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(100);
            context.Abort();
        });
        await using var bench = new ImportBench(_hub.Address);
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Equal(ModelFixture.Weights, await File.ReadAllBytesAsync(Path.Combine(bench.Store.Folder, ImportBench.Name, Weights)));
    }

    [Fact]
    public async Task A_hub_that_sends_the_rest_of_another_content_is_not_believed()
    {
        var tries = 0;
        Interpose(Weights, async context =>
        {
            if (tries++ == 0)
                await _hub.BreakOffAsync(context, Weights, 500);
            else if (tries == 2)
            {
                context.Response.StatusCode = 206;
                context.Response.Headers.ETag = "\"another\"";
                context.Response.Headers.ContentRange = $"bytes 500-{ModelFixture.Weights.Length - 1}/{ModelFixture.Weights.Length}";
                await context.Response.Body.WriteAsync(new byte[ModelFixture.Weights.Length - 500]);
            }
            else
                await _hub.SendAsync(context, Weights);
        });
        await using var bench = new ImportBench(_hub.Address);
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Equal(["", "bytes=500-", ""], _hub.RangesOf(Weights));
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("config.json")]
    public async Task A_file_with_another_digest_is_not_kept_and_the_others_are(string file)
    {
        var damaged = _hub.Files[file].ToArray();
        damaged[^1] ^= 1;
        var isDamaged = true;
        Interpose(file, context => isDamaged ? Results.Bytes(damaged).ExecuteAsync(context) : _hub.SendAsync(context, file));
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "DownloadFailed", file);
        Assert.DoesNotContain(bench.Files, path => path.EndsWith("files/" + file, StringComparison.Ordinal) || path.EndsWith(".etag", StringComparison.Ordinal));
        isDamaged = false;
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Equal(["", ""], _hub.RangesOf(file));
    }

    [Fact]
    public async Task A_file_of_another_size_than_the_hub_says_is_refused()
    {
        Interpose(Weights, context => Results.Bytes(ModelFixture.Weights[..^10]).ExecuteAsync(context));
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "DownloadFailed", $"{ModelFixture.Weights.Length - 10} bytes");
    }

    [Theory]
    [InlineData(401, "", "HubAccessRefused", "SPARSEROBUST_HUB_TOKEN")]
    [InlineData(401, "secret", "HubAccessRefused", "does not take the server's token")]
    [InlineData(403, "secret", "HubAccessRefused", "gated")]
    [InlineData(404, "", "HubNotFound", "no revision")]
    public async Task What_the_hub_refuses_is_said_once_and_clearly(int status, string token, string code, string words)
    {
        _hub.Before = context => AnsweredAsync(context, Results.StatusCode(status));
        await using var bench = new ImportBench(_hub.Address, options => options with { HubToken = token });
        var import = await bench.ImportAsync(ImportState.Failed);
        Refused(import, code, words);
        Assert.Single(_hub.Asked);
        if (token.Length > 0)
            Assert.DoesNotContain(token, import.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_busy_is_asked_again_when_it_said()
    {
        var busy = 2;
        _hub.Before = context =>
        {
            if (busy-- <= 0)
                return Task.FromResult(false);
            context.Response.Headers.RetryAfter = "2";
            return AnsweredAsync(context, Results.StatusCode(429));
        };
        await using var bench = new ImportBench(_hub.Address);
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Equal(3, _hub.Asked.Count(asked => asked.Path.StartsWith("/api/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hub_that_asks_to_come_again_much_later_is_not_waited_for()
    {
        _hub.Before = context =>
        {
            context.Response.Headers.RetryAfter = "86400";
            return AnsweredAsync(context, Results.StatusCode(429));
        };
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "DownloadFailed", "429");
        Assert.Single(_hub.Asked);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_where_it_leads()
    {
        await using var files = await FakeHub.StartAsync();
        files.Before = async context =>
        {
            await Results.Bytes(ModelFixture.Weights, enableRangeProcessing: true).ExecuteAsync(context);
            return true;
        };
        Interpose(Weights, context => Results.Redirect($"{files.Address}/elsewhere").ExecuteAsync(context));
        await using (var bench = new ImportBench(_hub.Address, options => options with { HubToken = "secret" }))
        {
            Refused(await bench.ImportAsync(ImportState.Failed), "HostRefused", files.Name);
            Assert.Empty(files.Asked);
        }
        await using (var bench = new ImportBench(_hub.Address, options => options with { HubToken = "secret", DownloadHosts = files.Name }))
            await bench.ImportAsync(ImportState.Succeeded);
        Assert.All(_hub.Asked, asked => Assert.Equal("Bearer secret", asked.Authorization));
        Assert.Equal([("/elsewhere", "", "")], files.Asked);
    }

    [Fact]
    public async Task A_foreign_architecture_is_refused_by_name_before_its_weights_are_fetched()
    {
        _hub.Files["config.json"] = ModelFixture.ConfigWith("model_type", "gpt2");
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "ModelInvalid", "\"gpt2\"");
        Assert.Empty(_hub.RangesOf(Weights));
        Assert.Equal([".imports/tiny/record.json"], bench.Files);
    }

    [Fact]
    public async Task Pickled_weights_are_fetched_where_there_are_no_others_and_read_before_they_are_believed()
    {
        _hub.Files.Remove(Weights);
        _hub.Files["pytorch_model.bin"] = "no weights at all"u8.ToArray();
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "ModelInvalid", "");
        Assert.Single(_hub.RangesOf("pytorch_model.bin"));
        Assert.Equal([".imports/tiny/record.json"], bench.Files);
    }

    [Fact]
    public async Task A_repository_without_weights_is_refused_at_once()
    {
        _hub.Files.Remove(Weights);
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "ModelInvalid", "no weights");
        Assert.Single(_hub.Asked);
    }

    [Fact]
    public async Task A_model_larger_than_is_taken_is_refused_whether_it_says_so_or_not()
    {
        foreach (var saysSo in new[] { true, false })
        {
            _hub.SaysDigests = saysSo;
            await using var bench = new ImportBench(_hub.Address, options => options with { ModelBytes = 10_000 });
            Refused(await bench.ImportAsync(ImportState.Failed), "RequestTooLarge", "Server:ModelBytes");
            Assert.Equal([".imports/tiny/record.json"], bench.Files);
        }
    }

    [Fact]
    public async Task A_server_that_ended_in_the_middle_goes_on_where_it_was_and_at_the_same_commit()
    {
        var stalls = true;
        Interpose(Weights, async context =>
        {
            if (!stalls)
            {
                await _hub.SendAsync(context, Weights);
                return;
            }
            context.Response.Headers.ETag = $"\"{ModelFixture.Sha256(ModelFixture.Weights)[..40]}\"";
            context.Response.ContentLength = ModelFixture.Weights.Length;
            await context.Response.Body.WriteAsync(ModelFixture.Weights.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var bench = new ImportBench(_hub.Address);
        await bench.StartAsync();
        await Eventually.HoldsAsync(() => bench.Imports.Find(ImportBench.Name)!.Files.Any(file => file is { Name: Weights, DoneBytes: 1000 }), "a part of the weights is here");
        var conflict = await Assert.ThrowsAsync<Problem>(() => bench.StartAsync());
        Assert.Equal("StateConflict", conflict.Code);
        await bench.StopAsync();
        bench.StartAgain();
        var interrupted = await bench.EndAsync(ImportState.Interrupted);
        Assert.Equal((true, _hub.Commit), (interrupted.Resumable, interrupted.Commit));
        Assert.InRange(interrupted.DoneBytes, 1001, interrupted.TotalBytes!.Value - 1);
        stalls = false;
        await bench.ImportAsync(ImportState.Succeeded);
        Assert.Equal(["", "bytes=1000-"], _hub.RangesOf(Weights));
        Assert.Single(_hub.RangesOf("vocab.txt"));
        Assert.EndsWith("/" + _hub.Commit, _hub.Asked.Last(asked => asked.Path.StartsWith("/api/", StringComparison.Ordinal)).Path, StringComparison.Ordinal);
        Assert.Equal(Kept, bench.Files);
    }

    [Fact]
    public async Task A_record_of_a_killed_server_reads_interrupted()
    {
        Interpose(Weights, context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var bench = new ImportBench(_hub.Address);
        await bench.StartAsync();
        await Eventually.HoldsAsync(() => _hub.RangesOf(Weights).Any(), "the weights are asked for");
        var killed = bench.Imports;
        bench.StartAgain();
        Assert.Equal(ImportState.Interrupted, bench.Imports.Find(ImportBench.Name)!.State);
        await killed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task One_that_is_cancelled_keeps_what_came_until_it_is_forgotten()
    {
        Interpose(Weights, context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var bench = new ImportBench(_hub.Address);
        await bench.StartAsync();
        await Eventually.HoldsAsync(() => _hub.RangesOf(Weights).Any(), "the weights are asked for");
        Assert.Equal(ImportState.Cancelled, (await bench.Imports.CancelAsync(ImportBench.Name)).State);
        Assert.Contains(".imports/tiny/files/vocab.txt", bench.Files);
        Assert.Equal("StateConflict", (await Assert.ThrowsAsync<Problem>(() => bench.Imports.CancelAsync(ImportBench.Name))).Code);
        await bench.Imports.ForgetAsync(ImportBench.Name);
        Assert.Empty(bench.Files);
        Assert.Equal("NotFound", (await Assert.ThrowsAsync<Problem>(() => bench.Imports.ForgetAsync(ImportBench.Name))).Code);
    }

    [Fact]
    public async Task The_same_model_again_is_there_and_another_is_a_conflict()
    {
        await using var bench = new ImportBench(_hub.Address);
        await bench.ImportAsync(ImportState.Succeeded);
        var (again, isThere) = await bench.StartAsync();
        Assert.Equal((ImportState.Succeeded, true), (again.State, isThere));
        Assert.True((await bench.StartAsync(new HubSource { Repository = FakeHub.Repository, Revision = _hub.Commit })).IsThere);
        _hub.Commit = new string('b', 40);
        Assert.Equal("StateConflict", (await Assert.ThrowsAsync<Problem>(() => bench.StartAsync())).Code);
        Assert.Equal("StateConflict", (await Assert.ThrowsAsync<Problem>(() => bench.StartAsync(new HubSource { Repository = "owner/other" }))).Code);
        Assert.Equal(Kept, bench.Files);
    }

    [Theory]
    [InlineData("owner/tiny/more", "main")]
    [InlineData("../etc", "main")]
    [InlineData("owner/a..b", "main")]
    [InlineData("owner/tiny?x=", "main")]
    [InlineData("owner/tiny", "../main")]
    [InlineData("owner/tiny", "a b")]
    [InlineData("owner/tiny", "")]
    public async Task Names_that_are_none_are_not_asked_for(string repository, string revision)
    {
        await using var bench = new ImportBench(_hub.Address);
        Assert.Equal("RequestInvalid", (await Assert.ThrowsAsync<Problem>(() => bench.StartAsync(new HubSource { Repository = repository, Revision = revision }))).Code);
        Assert.Empty(_hub.Asked);
    }

    [Fact]
    public async Task A_server_without_a_hub_says_what_to_set()
    {
        await using var bench = new ImportBench();
        var refusal = await Assert.ThrowsAsync<Problem>(() => bench.StartAsync());
        Assert.Equal("HostRefused", refusal.Code);
        Assert.Contains("Server:HubEndpoint", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_hub_s_says_so()
    {
        _hub.Before = context => AnsweredAsync(context, Results.Text("<html>", "text/html"));
        await using var bench = new ImportBench(_hub.Address);
        Refused(await bench.ImportAsync(ImportState.Failed), "DownloadFailed", "Server:HubEndpoint");
    }

    private static async Task<bool> AnsweredAsync(HttpContext context, IResult result)
    {
        await result.ExecuteAsync(context);
        return true;
    }

    private static void Refused(ModelImport import, string code, string words)
    {
        Assert.Equal(code, import.Problem!.Code);
        Assert.Contains(words, import.Problem.Message, StringComparison.Ordinal);
    }

    private void Interpose(string file, Func<HttpContext, Task> answer) => _hub.Before = async context =>
    {
        if (!context.Request.Path.Value!.EndsWith("/" + file, StringComparison.Ordinal))
            return false;
        await answer(context);
        return true;
    };
}
