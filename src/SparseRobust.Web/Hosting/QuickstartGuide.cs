using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SparseRobust.Web.Hosting;

/// <summary>On an empty database: queues the quickstart sweep, tells the terminal how it goes, and ends with a pruned model's real answer. Everything over the REST interface, as any script would.</summary>
internal sealed class QuickstartGuide(ServerOptions options, ServerAddress address, ILogger<QuickstartGuide> logger) : BackgroundService
{
    private const string Preset = "quickstart/shortcut-nli";

    // The sparsest debiased cell of the preset is the one to show.
    private const string Showpiece = "product of experts throughout, masks 70 %";

    // Every word of the hypothesis stands in the premise, so the shortcut says entailment; it does not follow.
    private static readonly string[] Pair = ["the painter near the helper called the farmer", "the helper called the farmer"];

    private static readonly string[] Shown = ["x-total-time", "x-inference-time", "x-model-sparsity"];

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Quickstart)
            return;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(await address.ReadyAsync(stoppingToken)) };
            if (options.AdminKey.Length > 0)
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.AdminKey);
            if (await SweepAsync(http, stoppingToken) is { } sweep)
                await FollowAsync(http, sweep, stoppingToken);
        }
        catch (HttpRequestException e)
        {
            logger.LogWarning("The quickstart's report ends: {Message} Its runs go on; see {Address}/runs", e.Message, await address.ReadyAsync(stoppingToken));
        }
    }

    /// <summary>The quickstart's sweep: made on an empty database, found again after a restart; null when there is nothing to report on.</summary>
    private static async Task<string?> SweepAsync(HttpClient http, CancellationToken cancellation)
    {
        var runs = await GetAsync(http, "/api/v1/runs?page_size=1", cancellation);
        if (runs["items"]!.AsArray().Count == 0)
        {
            var made = await PostAsync(http, "/api/v1/sweeps", new JsonObject { ["preset"] = Preset, ["name"] = "Quickstart" }, cancellation);
            return (string)made.Body["id"]!;
        }
        var sweeps = await GetAsync(http, "/api/v1/sweeps", cancellation);
        var unfinished = sweeps["items"]!.AsArray().FirstOrDefault(sweep => (string?)sweep!["preset"] == Preset && (int)sweep["ended_count"]! < (int)sweep["run_count"]!);
        return (string?)unfinished?["id"];
    }

    private async Task FollowAsync(HttpClient http, string sweep, CancellationToken cancellation)
    {
        var view = await GetAsync(http, $"/api/v1/sweeps/{sweep}", cancellation);
        Say($"Quickstart: {view["run_count"]} runs of {Preset} ({http.BaseAddress}sweeps/{sweep})");
        var told = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            view = await GetAsync(http, $"/api/v1/sweeps/{sweep}", cancellation);
            foreach (var item in view["items"]!.AsArray().Where(item => (string)item!["state"]! is "succeeded" or "failed" or "cancelled" && told.Add((string)item["run_id"]!)))
                await TellAsync(http, item!, $"[{told.Count,2}/{view["run_count"]}]", cancellation);
            if ((int)view["ended_count"]! == (int)view["run_count"]!)
                break;
        }
        if (await ChooseModelAsync(http, view, cancellation))
            await PredictAsync(http, cancellation);
    }

    private static async Task TellAsync(HttpClient http, JsonNode item, string count, CancellationToken cancellation)
    {
        var id = (string)item["run_id"]!;
        var scores = (await GetAsync(http, $"/api/v1/runs/{id}/scores", cancellation))["items"]!.AsArray()
            .Where(score => (bool)score!["is_final"]! && (string)score["slice"]! == "all" && (string)score["metric"]! == "accuracy")
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{score!["split"]} {(double)score["value"]!:0.000} (n {(int)score["n"]!:N0})"));
        Say($"{count} {item["cell"]}, seed {item["seed"]}: {((string)item["state"]! == "succeeded" ? string.Join(", ", scores) : item["state"])}");
    }

    /// <summary>The model that /predict uses from now on, unless somebody has chosen one.</summary>
    private static async Task<bool> ChooseModelAsync(HttpClient http, JsonNode sweep, CancellationToken cancellation)
    {
        if ((await GetAsync(http, "/api/v1/aliases", cancellation))["items"]!.AsArray().Any(alias => (string?)alias!["alias"] == "default"))
            return true;
        var run = sweep["items"]!.AsArray().FirstOrDefault(item => (string?)item!["cell"] == Showpiece && (string)item["state"]! == "succeeded");
        if (run is null)
            return false;
        using var chosen = await http.PutAsJsonAsync("/api/v1/models/aliases/default", new { model = (string)run["run_id"]! }, cancellation);
        chosen.EnsureSuccessStatusCode();
        return true;
    }

    private async Task PredictAsync(HttpClient http, CancellationToken cancellation)
    {
        var request = new JsonObject { ["inputs"] = new JsonArray(new JsonArray(Pair[0], Pair[1])) };
        var (answer, headers) = await PostAsync(http, "/predict", request, cancellation);
        var address = http.BaseAddress!.ToString().TrimEnd('/');
        Say($"""
            Done in {_clock.Elapsed.TotalSeconds:0} s. The debiased model with 70 % of its weights removed answers:
              curl {address}/predict -H 'content-type: application/json' -d '{request.ToJsonString()}'
              {answer.ToJsonString()}
              ({string.Join(", ", Shown.Where(headers.Contains).Select(name => $"{name} {headers.GetValues(name).First()}"))})
            Compare the cells at {address}/runs, try the model at {address}/predict
            """);
    }

    private static void Say(string text) => Console.WriteLine(text);

    private static async Task<JsonNode> GetAsync(HttpClient http, string path, CancellationToken cancellation) =>
        (await http.GetFromJsonAsync<JsonNode>(path, cancellation))!;

    private static async Task<(JsonNode Body, HttpResponseHeaders Headers)> PostAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(path, body, JsonSerializerOptions.Default, cancellation);
        response.EnsureSuccessStatusCode();
        return ((await response.Content.ReadFromJsonAsync<JsonNode>(cancellation))!, response.Headers);
    }
}
