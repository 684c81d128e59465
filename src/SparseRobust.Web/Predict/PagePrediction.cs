using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Predict;

/// <summary>A class and how probable it is.</summary>
public sealed record LabelScore(string Label, double Score);

/// <summary>What one model answered, or why it did not.</summary>
public sealed record PageAnswer(string ModelId, IReadOnlyList<LabelScore> Labels, TimeSpan Elapsed, string? Problem = null, string? Code = null);

/// <summary>Asks this server's own /predict, as the page's script does: both show the same.</summary>
internal sealed class PagePrediction(HttpClient client, IServer server, ServerOptions options, TimeProvider time)
{
    /// <param name="modelId">The model; empty for the default.</param>
    /// <param name="texts">One text or a pair.</param>
    /// <param name="cancellation">Stops asking.</param>
    public async Task<PageAnswer> PredictAsync(string modelId, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var body = new JsonObject { ["inputs"] = new JsonArray(new JsonArray([.. texts.Select(text => (JsonNode)text)])) };
        if (modelId.Length > 0)
            body["model"] = modelId;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Own(), "/predict")) { Content = JsonContent.Create<JsonNode>(body) };
        if (options.AdminKey.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.AdminKey);
        var began = time.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            var answer = await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            return response.IsSuccessStatusCode ? new PageAnswer(modelId, LabelsOf(answer), time.GetElapsedTime(began)) : Refused(modelId, answer, time.GetElapsedTime(began));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return new PageAnswer(modelId, [], time.GetElapsedTime(began), "The server did not answer. Ask again in a moment.");
        }
    }

    /// <summary>The labels of an answer for one input, by name: an order by score would differ from model to model.</summary>
    public static IReadOnlyList<LabelScore> LabelsOf(JsonNode? answer)
    {
        var labels = answer is JsonArray { Count: > 0 } rows && rows[0] is JsonArray first ? first : answer as JsonArray ?? [];
        return [.. labels.OfType<JsonObject>().Select(label => new LabelScore((string?)label["label"] ?? "", (double?)label["score"] ?? 0)).OrderBy(label => label.Label, StringComparer.Ordinal)];
    }

    private static PageAnswer Refused(string modelId, JsonNode? problem, TimeSpan elapsed) =>
        new(modelId, [], elapsed, (string?)problem?["detail"] ?? (string?)problem?["title"] ?? "The server refused.", (string?)problem?["code"]);

    // The address that this process listens on, never one that a request names.
    private Uri Own()
    {
        var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
    }
}
