using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Tests.Runs;

namespace SparseRobust.Web.Tests.Artifacts;

/// <summary>A run made elsewhere, sent as a zip file to a server that never trained.</summary>
[Collection(PostgresTests.Name)]
public sealed class ImportApiTests(PostgresFixture postgres)
{
    private static readonly Uri Address = new("/api/v1/runs/import", UriKind.Relative);

    private async Task<(string RunId, byte[] Zip)> FinishedRunAsync(Func<string, byte[], byte[]>? change = null)
    {
        var trained = await postgres.TrainedServerAsync();
        var runId = await trained.CreateRunAsync(TinyRecipe.Quick);
        var lab = Path.Combine(trained.Storage, "lab");
        var result = JsonSerializer.Deserialize<RunResult>(await File.ReadAllTextAsync(Path.Combine(lab, "runs", runId, "result.json")), LabJson.Options)!;
        var folders = result.Stages.Select(stage => Path.Combine(lab, "stages", stage.Hash)).Distinct().Append(Path.Combine(lab, "runs", runId));
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var path in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
            {
                var name = Path.GetRelativePath(lab, path).Replace('\\', '/');
                var content = await File.ReadAllBytesAsync(path);
                await using var entry = zip.CreateEntry(name).Open();
                await entry.WriteAsync(change?.Invoke(name, content) ?? content);
            }
        }
        return (runId, bytes.ToArray());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> ImportAsync(LabServer server, byte[] zip)
    {
        using var content = new ByteArrayContent(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var response = await server.Client.PostAsync(Address, content);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    [PostgresFact]
    public async Task A_run_made_elsewhere_is_here_with_curves_scores_and_model_and_comes_once()
    {
        var (runId, zip) = await FinishedRunAsync();
        var trained = await postgres.TrainedServerAsync();
        await using var server = await LabServer.StartAsync(postgres, "web");
        var (status, run) = await ImportAsync(server, zip);
        Assert.Equal((HttpStatusCode.Created, runId, "succeeded", true), (status, run.GetProperty("id").GetString(), run.GetProperty("state").GetString(), run.GetProperty("imported").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await ImportAsync(server, zip)).Status);
        Assert.Equal(RunFiles.Points(await trained.Client.EventsAsync(runId)), RunFiles.Points(await server.Client.EventsAsync(runId)));
        var scores = $"/api/v1/runs/{runId}/scores";
        Assert.Equal((await trained.Client.JsonAsync(scores)).GetRawText(), (await server.Client.JsonAsync(scores)).GetRawText());
        Assert.NotEqual(0, (await server.Client.JsonAsync("/api/v1/models")).GetProperty("items").GetArrayLength());
    }

    [PostgresFact]
    public async Task A_run_whose_weights_were_changed_is_refused_and_leaves_nothing()
    {
        var (_, zip) = await FinishedRunAsync((name, content) => name.EndsWith("model.safetensors", StringComparison.Ordinal) ? [.. content[..^1], (byte)(content[^1] ^ 1)] : content);
        await using var server = await LabServer.StartAsync(postgres, "web");
        var (status, problem) = await ImportAsync(server, zip);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "ImportInvalid"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("model.safetensors has SHA-256", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await server.Client.JsonAsync("/api/v1/runs")).GetProperty("items").GetArrayLength());
        Assert.False(Directory.Exists(Path.Combine(server.Storage, "lab", "stages")) && Directory.EnumerateDirectories(Path.Combine(server.Storage, "lab", "stages")).Any());
    }
}
