using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>The real program is killed in the middle of an import.</summary>
[Collection(PostgresTests.Name)]
public sealed class KilledImportTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task An_import_goes_on_where_it_was_after_kill_9()
    {
        await using var hub = await FakeHub.StartAsync();
        var isStalling = true;
        hub.Before = async context =>
        {
            if (!isStalling || !context.Request.Path.Value!.EndsWith("/model.safetensors", StringComparison.Ordinal))
                return false;
            context.Response.Headers.ETag = $"\"{ModelFixture.Sha256(ModelFixture.Weights)[..40]}\"";
            context.Response.ContentLength = ModelFixture.Weights.Length;
            await context.Response.Body.WriteAsync(ModelFixture.Weights.AsMemory(0, 5000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var storage = new OpenFolder();
        string[] arguments = ["--connection", await postgres.CreateDatabaseAsync(), "--workers", "0", "--Server:HubEndpoint", hub.Address];
        var body = $$"""{"name":"tiny","source":{"kind":"hub","repository":"{{FakeHub.Repository}}"} }""";
        await using (var server = await ServerProcess.StartWebAsync(storage.Path, arguments))
        {
            await server.Client.SendAsync(HttpMethod.Post, "/api/v1/models/import", body);
            await Eventually.HoldsAsync(async () => (await server.Client.JsonAsync("/api/v1/models/imports/tiny")).GetProperty("done_bytes").GetInt64() > 5000, () => "a part of the weights is here");
            await server.KillAsync();
        }
        isStalling = false;
        await using (var server = await ServerProcess.StartWebAsync(storage.Path, arguments))
        {
            var import = await server.Client.JsonAsync("/api/v1/models/imports/tiny");
            Assert.Equal(("interrupted", true), (import.GetProperty("state").GetString(), import.GetProperty("resumable").GetBoolean()));
            await server.Client.SendAsync(HttpMethod.Post, "/api/v1/models/import", body);
            await Eventually.HoldsAsync(async () => (await server.Client.JsonAsync("/api/v1/models/imports/tiny")).GetProperty("state").GetString() == "succeeded", () => "it is imported");
        }
        Assert.Equal(["", "bytes=5000-"], hub.RangesOf("model.safetensors"));
        Assert.Equal(ModelFixture.Weights, await File.ReadAllBytesAsync(storage.Inside("models/tiny/model.safetensors")));
    }
}
