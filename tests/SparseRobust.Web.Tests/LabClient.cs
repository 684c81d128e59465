using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests;

/// <summary>What tests ask of the REST interface.</summary>
internal static class LabClient
{
    /// <summary>The JSON of an address that must answer with a success.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Sends JSON text (none when null) and gives status and JSON (undefined when the answer is empty).</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(this HttpClient client, HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        // Else the server's refusal of a large body meets a client that is still sending.
        request.Headers.ExpectContinue = json?.Length > 1 << 20;
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public static async Task<string> CreateRunAsync(this HttpClient client, string recipe, long seed = 1)
    {
        var (status, json) = await client.SendAsync(HttpMethod.Post, "/api/v1/runs", $$"""{"recipe":{{recipe}},"seeds":[{{seed}}]}""");
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, $"{status}: {json}");
        return json.GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    /// <summary>Waits until a run is in a state and gives it.</summary>
    public static Task<JsonElement> StateAsync(this HttpClient client, string runId, string state) =>
        client.RunAsync(runId, run => run.GetProperty("state").GetString() == state, $"run {runId} is {state}");

    /// <summary>Waits until something holds of a run and gives it. The server may be away meanwhile.</summary>
    public static async Task<JsonElement> RunAsync(this HttpClient client, string runId, Func<JsonElement, bool> condition, string what)
    {
        JsonElement run = default;
        await Eventually.HoldsAsync(async () => (run = await client.TryJsonAsync($"/api/v1/runs/{runId}")).ValueKind == JsonValueKind.Object && condition(run), () => $"{what}: {Brief(run)}");
        return run;
    }

    /// <summary>All events after a sequence.</summary>
    public static async Task<List<JsonElement>> EventsAsync(this HttpClient client, string runId, long after = 0)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var page = await client.JsonAsync($"/api/v1/runs/{runId}/events?after={after + events.Count}");
            if (page.GetProperty("items").GetArrayLength() == 0)
                return events;
            events.AddRange(page.GetProperty("items").EnumerateArray());
        }
    }

    private static string Brief(JsonElement run) => run.ValueKind == JsonValueKind.Object
        ? string.Join(", ", run.EnumerateObject().Where(member => member.Name is "state" or "stage" or "step" or "total_steps" or "attempts" or "last_sequence" or "problem").Select(member => $"{member.Name} {member.Value}"))
        : "no answer";

    private static async Task<JsonElement> TryJsonAsync(this HttpClient client, string path)
    {
        try
        {
            return await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
        }
        catch (HttpRequestException)
        {
            return default;
        }
    }
}
