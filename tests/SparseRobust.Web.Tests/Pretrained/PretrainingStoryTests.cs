using System.Globalization;
using System.Net;
using System.Text.Json;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>From a text to a classifier, as a user of REST goes: pre-train, keep the model under a name, fine-tune from it.</summary>
[Collection(PostgresTests.Name)]
public sealed class PretrainingStoryTests(PostgresFixture postgres) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sparserobust-text-");

    public void Dispose() => _data.Delete(recursive: true);

    [PostgresFact]
    public async Task A_model_is_pretrained_kept_under_a_name_and_started_from()
    {
        await File.WriteAllTextAsync(Path.Combine(_data.FullName, "text.txt"), string.Join("\n\n", Enumerable.Range(0, 60).Select(Document)));
        await using var server = await LabServer.StartAsync(postgres, "web,train", options => options with { Data = _data.FullName });

        var pretraining = await server.CreateRunAsync("""
            {"task":{"kind":"pretraining","corpus":"text.txt","dev_every":10},"max_length":64,
             "model":{"kind":"bert","num_hidden_layers":1,"hidden_size":32,"num_attention_heads":2,"intermediate_size":64,"max_position_embeddings":64},
             "vocabulary":{"kind":"learned","size":200},
             "paradigm":{"kind":"pretraining-only","pretraining":{"max_steps":20,"per_device_train_batch_size":8,"eval_steps":10,"eval_examples":20}}}
            """);
        await server.Client.StateAsync(pretraining, "succeeded");
        var scores = (await server.Client.JsonAsync($"/api/v1/runs/{pretraining}/scores")).GetProperty("items").EnumerateArray().Select(score => score.GetProperty("metric").GetString());
        Assert.Contains("mlm_accuracy", scores);
        // It tells no classes apart, so it is none of the models that answer; the page leads to where it can be kept.
        Assert.Empty((await server.Client.JsonAsync("/api/v1/models")).GetProperty("items").EnumerateArray());
        var page = await server.Client.GetStringAsync($"/runs/{pretraining}");
        Assert.DoesNotContain("Try the model", page, StringComparison.Ordinal);
        var folder = Directory.GetDirectories(Path.Combine(server.Storage, "lab", "stages")).Single(path => File.Exists(Path.Combine(path, "model.safetensors")));
        Assert.Contains($"/models?folder={Uri.EscapeDataString(folder)}#import-folder", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{folder}\"", await server.Client.GetStringAsync($"/models?folder={Uri.EscapeDataString(folder)}"), StringComparison.Ordinal);

        var request = JsonSerializer.Serialize(new { name = "mine", source = new { kind = "folder", path = folder } });
        Assert.Equal(HttpStatusCode.Accepted, (await server.Client.SendAsync(HttpMethod.Post, "/api/v1/models/import", request)).Status);
        await Eventually.HoldsAsync(async () => (await server.Client.JsonAsync("/api/v1/models/imports/mine")).GetProperty("state").GetString() == "succeeded", () => "it is kept");

        var tuning = await server.CreateRunAsync("""
            {"task":{"kind":"shortcut-nli","train_rows":300,"evaluation_rows":90},"max_length":64,"truncation":"longest_first","model":{"kind":"pretrained","name":"mine"},
             "paradigm":{"kind":"full-model","fine_tuning":{"num_train_epochs":1,"eval_steps":10,"out_of_distribution_sample_rows":90}}}
            """);
        await server.Client.StateAsync(tuning, "succeeded");
        var model = (await server.Client.JsonAsync("/api/v1/models")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal("mine", model.GetProperty("base_model").GetString());
        var log = await server.Client.GetStringAsync($"/api/v1/runs/{tuning}/log");
        Assert.Contains("tensors loaded", log, StringComparison.Ordinal);
    }

    private static string Document(int number) =>
        string.Join('\n', Enumerable.Range(0, 6).Select(line => string.Create(CultureInfo.InvariantCulture, $"The painter {number % 7} near the helper called farmer {line}. The doctor saw {(number * line) % 11} judges.")));
}
