using System.Text.Json;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Examples;

/// <summary>/api/v1/runs/{id}/predictions on runs whose answers were written by hand, and on one that was trained.</summary>
[Collection(PostgresTests.Name)]
public sealed class ExampleApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Dataset Dev = HandRun.Data[0];
    private static readonly Dataset Ood = HandRun.Data[1];

    private LabServer _server = null!;
    private string _run = null!;

    public async Task InitializeAsync()
    {
        _server = await postgres.IdleServerAsync();
        _run = await HandRun.AddAsync(
            _server,
            ("evaluate fine-tune", [HandRun.WrongEach(Dev, 2), HandRun.WrongEach(Ood, 3)]),
            ("evaluate prune", [HandRun.WrongEach(Dev, 5), HandRun.WrongEach(Ood, 4)]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<JsonElement> ReadAsync(string query = "") => _server.Client.JsonAsync($"/api/v1/runs/{_run}/predictions{query}");

    private async Task<JsonElement> RefusedAsync(int status, string code, string path)
    {
        var (got, problem) = await _server.Client.SendAsync(HttpMethod.Get, path);
        Assert.True(status == (int)got && problem.GetProperty("code").GetString() == code, $"{(int)got} {problem}, not {status} {code}");
        return problem;
    }

    private static IEnumerable<int> Rows(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("row").GetInt32());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    [PostgresFact]
    public async Task Without_a_dataset_the_sets_of_the_last_evaluation_are_listed()
    {
        var view = await ReadAsync();
        Assert.Equal(("evaluate prune", $"{_run}-1"), (Text(view, "stage"), Text(view, "stage_hash")));
        Assert.Equal([("evaluate fine-tune", true), ("evaluate prune", true)], view.GetProperty("evaluations").EnumerateArray().Select(each => (Text(each, "stage"), each.GetProperty("has_predictions").GetBoolean())));
        Assert.Equal([("dev", 90, 72 / 90.0), ("ood", 90, 67 / 90.0)], view.GetProperty("sets").EnumerateArray().Select(set => (Text(set, "split"), set.GetProperty("n").GetInt32(), set.GetProperty("accuracy").GetDouble())));
        Assert.Equal(["contradiction", "entailment", "neutral"], view.GetProperty("sets")[0].GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(0, view.GetProperty("items").GetArrayLength());
        Assert.False(view.TryGetProperty("selection", out _));
        foreach (var stage in new[] { "evaluate%20fine-tune", $"{_run}-0" })
            Assert.Equal(0.5, (await ReadAsync($"?stage={stage}")).GetProperty("sets")[0].GetProperty("accuracy").GetDouble());
    }

    [PostgresFact]
    public async Task A_row_carries_its_texts_its_label_and_what_the_model_made_of_it()
    {
        var view = await ReadAsync("?dataset=shortcut-nli&split=ood&page_size=9");
        var selection = view.GetProperty("selection");
        Assert.Equal((90, 90, 67 / 90.0), (selection.GetProperty("n").GetInt32(), selection.GetProperty("matching").GetInt32(), selection.GetProperty("accuracy").GetDouble()));
        Assert.Equal(Ood.Sha256, Text(selection, "dataset_sha256"));
        Assert.Equal(Enumerable.Range(0, 9), Rows(view));
        var (item, example) = (view.GetProperty("items")[8], Ood.Examples[8]);
        Assert.Equal((example.Id, example.FirstText, example.SecondText), (Text(item, "id"), Text(item, "first_text"), Text(item, "second_text")));
        Assert.Equal(example.Slices, item.GetProperty("slices").EnumerateObject().ToDictionary(slice => slice.Name, slice => slice.Value.GetString()!));
        var (gold, predicted) = (Ood.Labels.Names[example.Label], Ood.Labels.Names[(example.Label + 1) % 3]);
        Assert.Equal((gold, predicted, false), (Text(item, "gold"), Text(item, "predicted"), item.GetProperty("correct").GetBoolean()));
        // Logits 7, 0, 0: row 8 has 1 + 8 x 7 mod 10.
        var top = Math.Exp(7) / (Math.Exp(7) + 2);
        Assert.Equal(top, item.GetProperty("confidence").GetDouble(), 12);
        Assert.Equal(top, item.GetProperty("probabilities").GetProperty(predicted).GetDouble(), 12);
        Assert.Equal((1 - top) / 2, item.GetProperty("probabilities").GetProperty(gold).GetDouble(), 12);
        Assert.Equal(-Math.Log((1 - top) / 2), item.GetProperty("loss").GetDouble(), 9);
    }

    [PostgresTheory]
    [InlineData("", 90)]
    [InlineData("&sort=confidence", 90)]
    [InlineData("&sort=loss&order=asc", 90)]
    [InlineData("&correct=true&sort=loss", 72)]
    [InlineData("&correct=false", 18)]
    public async Task Pages_are_complete_and_without_repeats(string query, int expected)
    {
        var whole = Rows(await ReadAsync($"?dataset=shortcut-nli&split=dev{query}&page_size=1000")).ToList();
        Assert.Equal(expected, whole.Distinct().Count());
        List<int> paged = [];
        string? token = null;
        do
        {
            var page = await ReadAsync($"?dataset=shortcut-nli&split=dev{query}&page_size=7&page_token={token}");
            paged.AddRange(Rows(page));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        Assert.Equal(whole, paged);
    }

    [PostgresFact]
    public async Task Filters_leave_what_they_say()
    {
        var view = await ReadAsync("?dataset=shortcut-nli&split=dev&correct=false&gold=neutral&slice=overlap:low&slice=&predicted=");
        var expected = Enumerable.Range(0, 90).Where(row => row % 5 == 0 && Dev.Examples[row].Label == 2 && Dev.Examples[row].Slices["overlap"] == "low").ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Rows(view));
        Assert.Equal((expected.Count, 0.0), (view.GetProperty("selection").GetProperty("matching").GetInt32(), view.GetProperty("selection").GetProperty("accuracy").GetDouble()));
        // A right answer and the next class of it are never the same, so nothing is left.
        var none = await ReadAsync("?dataset=shortcut-nli&split=dev&correct=true&gold=neutral&predicted=entailment");
        Assert.Equal((0, false), (none.GetProperty("selection").GetProperty("matching").GetInt32(), none.GetProperty("selection").TryGetProperty("accuracy", out _)));
    }

    [PostgresTheory]
    [InlineData("/predictions?dataset=shortcut-nli", "split")]
    [InlineData("/predictions?correct=false", "correct")]
    [InlineData("/predictions?split=dev", "split")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&correct=maybe", "correct")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&gold=duplicate", "gold")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&predicted=Neutral", "predicted")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&slice=heuristic", "slice")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&slice=genre:fiction", "slice")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&slice=overlap:none", "slice")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&sort=length", "sort")]
    [InlineData("/predictions?dataset=shortcut-nli&split=dev&order=down", "order")]
    [InlineData("/predictions/compare?dataset=shortcut-nli&split=dev", "with")]
    public async Task What_cannot_be_chosen_is_refused_by_its_field(string path, string field)
    {
        var problem = await RefusedAsync(422, "FilterInvalid", $"/api/v1/runs/{_run}{path}");
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [PostgresTheory]
    [InlineData("page_size=0")]
    [InlineData("page_size=many")]
    [InlineData("page_token=nonsense")]
    [InlineData("page_token=NSAwMDAwMDAwMA")]
    public async Task A_page_that_is_none_is_refused(string query) =>
        await RefusedAsync(400, "RequestInvalid", $"/api/v1/runs/{_run}/predictions?dataset=shortcut-nli&split=dev&{query}");

    [PostgresFact]
    public async Task A_token_holds_for_its_list_only()
    {
        var token = Text(await ReadAsync("?dataset=shortcut-nli&split=dev&page_size=5"), "next_page_token");
        Assert.Equal(5, Rows(await ReadAsync($"?dataset=shortcut-nli&split=dev&page_size=5&page_token={token}")).First());
        await RefusedAsync(400, "RequestInvalid", $"/api/v1/runs/{_run}/predictions?dataset=shortcut-nli&split=dev&correct=false&page_token={token}");
        await RefusedAsync(400, "RequestInvalid", $"/api/v1/runs/{_run}/predictions?dataset=shortcut-nli&split=ood&page_token={token}");
    }

    [PostgresTheory]
    [InlineData("?stage=evaluate%20nothing", "evaluate fine-tune")]
    [InlineData("?dataset=hans&split=evaluation", "shortcut-nli ood")]
    [InlineData("?dataset=shortcut-nli&split=train", "shortcut-nli dev")]
    public async Task What_is_not_there_is_answered_with_what_is(string query, string named) =>
        Assert.Contains(named, Text(await RefusedAsync(404, "NotFound", $"/api/v1/runs/{_run}/predictions{query}"), "detail"), StringComparison.Ordinal);

    [PostgresFact]
    public async Task A_run_that_is_not_there_or_has_not_been_evaluated_has_no_predictions()
    {
        await RefusedAsync(404, "NotFound", "/api/v1/runs/no-such-run/predictions");
        var queued = await _server.CreateRunAsync(TinyRecipe.Of(1, 998));
        Assert.Contains(queued, Text(await RefusedAsync(404, "NotFound", $"/api/v1/runs/{queued}/predictions"), "detail"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task An_evaluation_from_before_rows_were_kept_says_how_to_get_them()
    {
        var old = await HandRun.AddAsync(_server, ("evaluate fine-tune", null), ("evaluate prune", [HandRun.WrongEach(Dev, 5)]));
        Assert.Contains("rerun", Text(await RefusedAsync(404, "ArtifactMissing", $"/api/v1/runs/{old}/predictions?stage=evaluate%20fine-tune"), "detail"), StringComparison.Ordinal);
        var other = await _server.Client.JsonAsync($"/api/v1/runs/{old}/predictions");
        Assert.Equal([false, true], other.GetProperty("evaluations").EnumerateArray().Select(each => each.GetProperty("has_predictions").GetBoolean()));
    }

    [PostgresFact]
    public async Task A_file_that_is_gone_or_not_whole_is_told_as_such()
    {
        var run = await HandRun.AddAsync(_server, ("evaluate fine-tune", [HandRun.WrongEach(Dev, 5)]));
        var file = HandRun.FileOf(_server, $"{run}-0");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^8]);
        await RefusedAsync(409, "ArtifactCorrupt", $"/api/v1/runs/{run}/predictions");
        File.Delete(file);
        await RefusedAsync(404, "ArtifactMissing", $"/api/v1/runs/{run}/predictions");
    }

    [PostgresFact]
    public async Task Rows_of_a_dataset_that_is_not_here_have_no_texts_and_no_slices()
    {
        var run = await HandRun.AddAsync(_server, ("evaluate fine-tune", [HandRun.WrongEach(Dev with { Sha256 = new string('a', 64) }, 5)]));
        var view = await _server.Client.JsonAsync($"/api/v1/runs/{run}/predictions?dataset=shortcut-nli&correct=false");
        Assert.Contains(new string('a', 64), Text(view.GetProperty("selection"), "texts_missing"), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 18).Select(i => 5 * i), Rows(view));
        Assert.False(view.GetProperty("items")[0].TryGetProperty("first_text", out _));
        await RefusedAsync(409, "DatasetMissing", $"/api/v1/runs/{run}/predictions?dataset=shortcut-nli&slice=overlap:low");
    }

    [PostgresFact]
    public async Task Two_models_are_compared_row_by_row()
    {
        // Row r is wrong in the first where 3 divides r, in the second where 4 does: 30 and 23 rows, both at 8 of them.
        var view = await _server.Client.JsonAsync($"/api/v1/runs/{_run}/predictions/compare?stage=evaluate%20fine-tune&with={_run}&dataset=shortcut-nli&split=ood");
        Assert.Equal((90, 45, 15, 22, 8), (Count("n"), Count("n11"), Count("n10"), Count("n01"), Count("n00")));
        Assert.Equal((60 / 90.0, "evaluate fine-tune"), (view.GetProperty("first").GetProperty("accuracy").GetDouble(), Text(view.GetProperty("first"), "stage")));
        Assert.Equal((67 / 90.0, "evaluate prune"), (view.GetProperty("second").GetProperty("accuracy").GetDouble(), Text(view.GetProperty("second"), "stage")));
        Assert.Equal(-7 / 90.0, view.GetProperty("difference").GetDouble(), 12);
        // (|15 - 22| - 1)^2 / 37.
        var (test, bootstrap) = (view.GetProperty("mcnemar"), view.GetProperty("bootstrap"));
        Assert.Equal((37, false), (test.GetProperty("discordant").GetInt32(), test.GetProperty("is_exact").GetBoolean()));
        Assert.Equal(36 / 37.0, test.GetProperty("chi_square_statistic").GetDouble(), 12);
        Assert.Equal(-7 / 90.0, bootstrap.GetProperty("difference").GetDouble(), 12);
        Assert.True(bootstrap.GetProperty("lower").GetDouble() < -7 / 90.0 && bootstrap.GetProperty("upper").GetDouble() > 0 && bootstrap.GetProperty("p_value").GetDouble() > 0.05, bootstrap.ToString());

        int Count(string name) => view.GetProperty(name).GetInt32();
    }

    [PostgresFact]
    public async Task Rows_that_are_not_the_same_are_not_compared()
    {
        var graded = new SetPredictions("shortcut-nli", "dev", "s", LabelSet.Regression, LabelSet.Regression, [0], new Predictions([1, 2], 1), [1, 3]);
        var other = await HandRun.AddAsync(_server, ("evaluate", [HandRun.WrongEach(Dev with { Sha256 = new string('a', 64) }, 5)]));
        var grades = await HandRun.AddAsync(_server, ("evaluate", [graded]));
        Assert.Contains(new string('a', 64), Text(await RefusedAsync(409, "StateConflict", $"/api/v1/runs/{_run}/predictions/compare?with={other}&dataset=shortcut-nli&split=dev"), "detail"), StringComparison.Ordinal);
        await RefusedAsync(409, "StateConflict", $"/api/v1/runs/{_run}/predictions/compare?with={grades}&dataset=shortcut-nli&split=dev");
        await RefusedAsync(422, "FilterInvalid", $"/api/v1/runs/{grades}/predictions/compare?with={grades}&dataset=shortcut-nli&split=dev");
        await RefusedAsync(404, "NotFound", $"/api/v1/runs/{_run}/predictions/compare?with=no-such-run&dataset=shortcut-nli&split=dev");
        await RefusedAsync(404, "NotFound", $"/api/v1/runs/{_run}/predictions/compare?with={other}&dataset=shortcut-nli&split=ood");
        await RefusedAsync(404, "NotFound", $"/api/v1/runs/{_run}/predictions/compare?with={_run}&with_stage=evaluate&dataset=shortcut-nli&split=dev");
    }

    [PostgresFact]
    public async Task Grades_have_values_and_squared_errors()
    {
        var graded = new SetPredictions("stsb", "dev", "s", LabelSet.Regression, LabelSet.Regression, [0], new Predictions([1, 2], 1), [1, 3.5f]);
        var run = await HandRun.AddAsync(_server, ("evaluate", [graded]));
        var view = await _server.Client.JsonAsync($"/api/v1/runs/{run}/predictions?dataset=stsb&sort=loss");
        Assert.Equal([(3.5, 2.0, 2.25), (1.0, 1.0, 0.0)], view.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("gold_value").GetDouble(), item.GetProperty("predicted_value").GetDouble(), item.GetProperty("loss").GetDouble())));
        Assert.False(view.GetProperty("sets")[0].TryGetProperty("accuracy", out _));
        foreach (var field in new[] { "correct=true", "gold=score", "predicted=score", "sort=confidence" })
            await RefusedAsync(422, "FilterInvalid", $"/api/v1/runs/{run}/predictions?dataset=stsb&{field}");
    }

    [PostgresFact]
    public async Task The_answers_and_their_failures_are_those_of_the_description()
    {
        var check = new SchemaCheck(await _server.Client.JsonAsync("/openapi/v1.json"));
        const string list = "#/paths/~1api~1v1~1runs~1{id}~1predictions/get", compare = "#/paths/~1api~1v1~1runs~1{id}~1predictions~1compare/get";
        Assert.Equal(
            ["id", "stage", "dataset", "split", "correct", "gold", "predicted", "slice", "sort", "order", "page_size", "page_token"],
            check.At(list + "/parameters").EnumerateArray().Select(parameter => Text(parameter, "name")));
        Assert.Equal(["id", "with", "dataset", "split", "stage", "with_stage"], check.At(compare + "/parameters").EnumerateArray().Select(parameter => Text(parameter, "name")));
        foreach (var (operation, path) in new[] { (list, ""), (list, "?dataset=shortcut-nli&split=dev"), (compare, $"/compare?with={_run}&dataset=shortcut-nli&split=dev") })
            Assert.Empty(check.Faults(check.At(operation + "/responses/200/content/application~1json/schema"), await ReadAsync(path)));
        foreach (var operation in new[] { list, compare })
            Assert.Equal(["200", "400", "401", "404", "409", "422", "503", "default"], check.At(operation + "/responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
        Assert.All(new[] { "NotFound", "ArtifactMissing" }, code => Assert.Contains(code, Text(check.At(list + "/responses/404"), "description"), StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_trained_run_kept_the_rows_behind_its_scores()
    {
        var trained = await postgres.TrainedServerAsync();
        var run = await trained.CreateRunAsync(TinyRecipe.Quick);
        var scores = (await trained.Client.JsonAsync($"/api/v1/runs/{run}/scores")).GetProperty("items").EnumerateArray()
            .Where(score => Text(score, "slice") == "all" && Text(score, "metric") == "accuracy").ToList();
        Assert.Equal(6, scores.Count);
        foreach (var score in scores)
        {
            var view = await trained.Client.JsonAsync($"/api/v1/runs/{run}/predictions?stage={Text(score, "stage_hash")}&dataset={Text(score, "dataset")}&split={Text(score, "split")}&page_size=1000");
            Assert.Equal(score.GetProperty("n").GetInt32(), view.GetProperty("items").GetArrayLength());
            Assert.Equal(score.GetProperty("value").GetDouble(), view.GetProperty("selection").GetProperty("accuracy").GetDouble(), 12);
            Assert.All(view.GetProperty("items").EnumerateArray(), item => Assert.True(item.TryGetProperty("second_text", out _)));
        }
    }
}
