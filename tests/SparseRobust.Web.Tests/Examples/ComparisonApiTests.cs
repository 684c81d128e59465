using System.Text.Json;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Web.Tests.Hosting;

namespace SparseRobust.Web.Tests.Examples;

/// <summary>/api/v1/runs/{id}/predictions/compare/sets and /rows on runs whose answers were written by hand.</summary>
[Collection(PostgresTests.Name)]
public sealed class ComparisonApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Dataset Dev = HandRun.Data[0];
    private static readonly Dataset Ood = HandRun.Data[1];
    private static readonly SetPredictions Grades = new("stsb", "dev", "s", LabelSet.Regression, LabelSet.Regression, [0], new Predictions([1, 2], 1), [1, 3]);

    private LabServer _server = null!;
    private string _first = null!;
    private string _second = null!;

    public async Task InitializeAsync()
    {
        _server = await postgres.IdleServerAsync();
        // Wrong rows: dev each 2nd and each 5th, ood each 3rd and each 4th.
        _first = await HandRun.AddAsync(_server, ("evaluate", [HandRun.WrongEach(Dev, 2), HandRun.WrongEach(Ood, 3), Grades]));
        _second = await HandRun.AddAsync(_server, ("evaluate", [HandRun.WrongEach(Dev, 5), HandRun.WrongEach(Ood, 4), HandRun.WrongEach(HandRun.Data[2], 2), Grades]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<JsonElement> ReadAsync(string path) => _server.Client.JsonAsync($"/api/v1/runs/{_first}/predictions/compare/{path}");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    [PostgresFact]
    public async Task All_shared_sets_are_compared_and_their_p_values_are_adjusted_over_them()
    {
        var view = await ReadAsync($"sets?with={_second}");
        var items = view.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["dev", "ood"], items.Select(item => Text(item, "split")));
        // dev: 9 rows are wrong in both, 36 in the first alone, 9 in the second alone, 36 right in both.
        Assert.Equal([(90, 36, 9, 36, 9), (90, 45, 15, 22, 8)], items.Select(item => (Count(item, "n"), Count(item, "n11"), Count(item, "n10"), Count(item, "n01"), Count(item, "n00"))));
        var tests = items.Select(item => item.GetProperty("mcnemar")).ToList();
        var (dev, ood) = (Number(tests[0], "p_value"), Number(tests[1], "p_value"));
        // (|9 - 36| - 1)^2 / 45 = 15.02, so p is about 0.0001: the smaller of two, hence doubled.
        Assert.InRange(dev, 0.00010, 0.00011);
        Assert.Equal([2 * dev, ood], tests.Select(test => Number(test, "holm_p_value")));
    }

    [PostgresFact]
    public async Task Sets_that_are_not_compared_are_named_with_the_reason()
    {
        var leftOut = (await ReadAsync($"sets?with={_second}")).GetProperty("left_out").EnumerateArray().Select(set => (Text(set, "dataset"), Text(set, "split"), Text(set, "reason"))).ToList();
        Assert.Equal([("stsb", "dev"), ("shortcut-nli", "ood-reversed")], leftOut.Select(set => (set.Item1, set.Item2)));
        Assert.Contains("grades", leftOut[0].Item3, StringComparison.Ordinal);
        Assert.Contains(_second, leftOut[1].Item3, StringComparison.Ordinal);
        var other = await HandRun.AddAsync(_server, ("evaluate", [HandRun.WrongEach(Dev with { Sha256 = new string('b', 64) }, 5)]));
        var view = await ReadAsync($"sets?with={other}");
        Assert.Equal(0, view.GetProperty("items").GetArrayLength());
        Assert.Contains(new string('b', 64), Text(view.GetProperty("left_out")[0], "reason"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task One_set_alone_has_no_adjusted_p() =>
        Assert.False((await _server.Client.JsonAsync($"/api/v1/runs/{_first}/predictions/compare?with={_second}&dataset=shortcut-nli&split=dev")).GetProperty("mcnemar").TryGetProperty("holm_p_value", out _));

    [PostgresTheory]
    [InlineData("", 45)]
    [InlineData("&right=one", 45)]
    [InlineData("&right=first", 9)]
    [InlineData("&right=second", 36)]
    [InlineData("&right=both", 36)]
    [InlineData("&right=neither", 9)]
    [InlineData("&right=any", 90)]
    [InlineData("&right=any&correct=false", 45)]
    public async Task Rows_are_those_that_the_two_get_right_as_asked(string query, int expected)
    {
        var view = await ReadAsync($"rows?with={_second}&dataset=shortcut-nli&split=dev&page_size=1000{query}");
        Assert.Equal((90, expected), (Count(view, "n"), Count(view, "matching")));
        Assert.Equal(expected, Rows(view).Distinct().Count());
    }

    [PostgresFact]
    public async Task A_row_has_the_texts_once_and_both_answers()
    {
        var view = await ReadAsync($"rows?with={_second}&dataset=shortcut-nli&split=dev&right=second&page_size=1");
        var item = view.GetProperty("items")[0];
        var (first, second) = (item.GetProperty("first"), item.GetProperty("second"));
        // Row 2 is the first that 2 divides and 5 does not.
        var gold = Dev.Labels.Names[Dev.Examples[2].Label];
        Assert.Equal((2, Dev.Examples[2].FirstText, gold, false), (Count(first, "row"), Text(first, "first_text"), Text(first, "gold"), first.GetProperty("correct").GetBoolean()));
        Assert.Equal((2, gold, true), (Count(second, "row"), Text(second, "predicted"), second.GetProperty("correct").GetBoolean()));
        Assert.False(second.TryGetProperty("first_text", out _));
        var label = Text(first, "predicted");
        var predicted = await ReadAsync($"rows?with={_second}&dataset=shortcut-nli&split=dev&right=second&predicted={label}&with_predicted={gold}&page_size=1000");
        Assert.All(predicted.GetProperty("items").EnumerateArray(), row => Assert.Equal((label, gold), (Text(row.GetProperty("first"), "predicted"), Text(row.GetProperty("second"), "predicted"))));
        Assert.Contains(2, Rows(predicted));
    }

    [PostgresFact]
    public async Task Pages_of_rows_are_complete_and_their_tokens_hold_for_one_list()
    {
        var whole = Rows(await ReadAsync($"rows?with={_second}&dataset=shortcut-nli&split=dev&sort=loss&page_size=1000")).ToList();
        List<int> paged = [];
        string? token = null;
        do
        {
            var page = await ReadAsync($"rows?with={_second}&dataset=shortcut-nli&split=dev&sort=loss&page_size=7&page_token={token}");
            paged.AddRange(Rows(page));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            if (token is not null)
                await RefusedAsync(400, "RequestInvalid", $"rows?with={_second}&dataset=shortcut-nli&split=dev&sort=loss&right=any&page_token={token}");
        }
        while (token is not null);
        Assert.Equal(whole, paged);
    }

    [PostgresTheory]
    [InlineData("sets?stage=evaluate", "with")]
    [InlineData("rows?dataset=shortcut-nli&split=dev", "with")]
    [InlineData("rows?with=SECOND&dataset=shortcut-nli&split=dev&right=maybe", "right")]
    [InlineData("rows?with=SECOND&dataset=shortcut-nli&split=dev&with_predicted=duplicate", "with_predicted")]
    [InlineData("rows?with=SECOND&dataset=stsb&split=dev", "dataset")]
    public async Task What_cannot_be_compared_is_refused_by_its_field(string path, string field)
    {
        var problem = await RefusedAsync(422, "FilterInvalid", path.Replace("SECOND", _second, StringComparison.Ordinal));
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [PostgresFact]
    public async Task The_answers_are_those_of_the_description()
    {
        var check = new SchemaCheck(await _server.Client.JsonAsync("/openapi/v1.json"));
        foreach (var (operation, path) in new[] { ("sets", $"sets?with={_second}"), ("rows", $"rows?with={_second}&dataset=shortcut-nli&split=dev") })
            Assert.Empty(check.Faults(check.At($"#/paths/~1api~1v1~1runs~1{{id}}~1predictions~1compare~1{operation}/get/responses/200/content/application~1json/schema"), await ReadAsync(path)));
    }

    private async Task<JsonElement> RefusedAsync(int status, string code, string path)
    {
        var (got, problem) = await _server.Client.SendAsync(HttpMethod.Get, $"/api/v1/runs/{_first}/predictions/compare/{path}");
        Assert.Equal((status, code), ((int)got, Text(problem, "code")));
        return problem;
    }

    private static int Count(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static IEnumerable<int> Rows(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => Count(item.GetProperty("first"), "row"));
}
