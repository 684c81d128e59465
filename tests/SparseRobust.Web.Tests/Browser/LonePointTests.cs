using Microsoft.Playwright;

namespace SparseRobust.Web.Tests.Browser;

/// <summary>A chart whose line has a single value, as of a training that is evaluated once.</summary>
[Collection(PostgresTests.Name)]
public sealed class LonePointTests(PostgresFixture postgres, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // How far from white the darkest pixel is that the chart has drawn around a step's value; the grid's lines are faint.
    private const string InkAt = """
        step => {
          const { plot } = document.querySelector('metric-chart[data-discover]');
          const [left, top] = [plot.valToPos(step, 'x', true), plot.valToPos(plot.data[1][plot.data[0].indexOf(step)], 'y', true)];
          const pixels = plot.ctx.getImageData(left - 4, top - 4, 9, 9).data;
          let ink = 0;
          for (let i = 0; i < pixels.length; i += 4) ink = Math.max(ink, pixels[i + 3] * (255 - Math.min(pixels[i], pixels[i + 1], pixels[i + 2])) / 255);
          return ink;
        }
        """;

    private const string MeasureOnceAfterMany = """
        () => {
          const chart = document.querySelector('metric-chart[data-discover]'), key = chart.feed.data.keys[0];
          const points = steps => steps.map(step => ({ step, count: 1, min: 0.5, max: 0.5, last: 0.5 }));
          chart.feed.data.replace({ last_sequence: 0, series: [
            { key, stage: 'first', n: 100, points: points([...Array(100).keys()].map(i => i / 10)) },
            { key, stage: 'second', n: 1, points: points([15]) }, { key, stage: 'third', n: 2, points: points([17, 20]) }] });
          chart.show();
          return JSON.stringify(chart.feed.data.lone(key));
        }
        """;

    [BrowserFact]
    public async Task It_is_seen_as_a_dot_with_and_without_a_script()
    {
        await using var server = await LabServer.StartAsync(postgres, "web,train");
        var run = await server.CreateRunAsync("""{"task":{"kind":"shortcut-nli","train_rows":300,"evaluation_rows":90},"max_length":32,"model":{"kind":"bert","num_hidden_layers":1,"hidden_size":16,"num_attention_heads":2,"intermediate_size":32,"max_position_embeddings":32},"paradigm":{"kind":"full-model","fine_tuning":{"num_train_epochs":1}}}""");
        await server.Client.StateAsync(run, "succeeded");
        await using var window = await browser.OpenAsync(server);
        await window.Page.GotoAsync($"/runs/{run}");
        await window.Page.Locator("metric-chart[data-discover] .uplot").WaitForAsync();
        Assert.InRange(await InkAtAsync(10), 100, 255);

        Assert.Equal("[100]", await window.Page.EvaluateAsync<string>(MeasureOnceAfterMany));
        await window.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        Assert.InRange(await InkAtAsync(15), 100, 255);

        await using var plain = await browser.OpenAsync(server, options => options.JavaScriptEnabled = false);
        await plain.Page.GotoAsync($"/runs/{run}");
        var dots = plain.Page.Locator("metric-chart[data-discover] polyline[data-lone]");
        await Assertions.Expect(dots).ToHaveCountAsync(3);
        await Assertions.Expect(dots.First).ToHaveCSSAsync("stroke-linecap", "round");
        Assert.Empty(window.Errors);

        Task<double> InkAtAsync(int step) => window.Page.EvaluateAsync<double>(InkAt, step);
    }
}
