import type uPlot from "uplot";
import { moveCursor, shareZoom, valuesAt } from "./chart-cursor";
import { draw, perMetric, type Stage } from "./chart-drawing";
import { ChartFeed, type Range } from "./chart-feed";
import { ChartLegend } from "./chart-legend";
import { define, Island, make } from "./elements";
import { short, whole } from "./numbers";
import { onRunEvent, onRunGap } from "./run-events";

/** A live line chart. Charts of one data-sync share cursor and zoom; the element's content stays until there is something to draw. */
class MetricChart extends Island {
  private feed!: ChartFeed;
  private legend!: ChartLegend;
  private plot: uPlot | undefined;
  private tellZoom!: (range: Range | undefined) => void;
  private frame = 0;
  private readonly head = make("div", { class: "chart-head" });
  private readonly host = make("div", { class: "chart-plot", tabindex: "0", role: "group" });
  private readonly reset = make("button", { type: "button", hidden: true }, "Reset zoom");
  private readonly status = make("p", { class: "chart-status", role: "status" });

  private get runId(): string { return this.dataset["runId"] ?? ""; }
  private get chartTitle(): string { return this.dataset["title"] ?? "Chart"; }
  private get sync(): string { return this.dataset["sync"] ?? ""; }
  private get logarithmic(): boolean { return this.dataset["yScale"] === "log"; }

  protected start(signal: AbortSignal): void {
    const keys = (this.dataset["keys"] ?? "").split(",").filter(Boolean);
    const discover = this.dataset["discover"] ?? "";
    if (!this.runId || (keys.length === 0 && !discover)) return;
    this.feed = new ChartFeed({ runId: this.runId, keys, discover, logarithmic: this.logarithmic, stages: stagesOf(this.dataset["stages"]) }, {
      loaded: () => { this.status.textContent = ""; this.show(); },
      // Many events can arrive between two pictures.
      grown: () => { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.show(); }); },
      widened: () => { this.legend.table.remove(); this.begin(); },
      failed: triesAgain => this.fail(triesAgain),
    });
    this.begin();
    this.host.setAttribute("aria-label", `${this.chartTitle} chart. Left and right arrow keys move the cursor, Escape shows all steps.`);
    onRunEvent(this.runId, item => this.feed.take(item), signal);
    onRunGap(this.runId, () => void this.feed.load(), signal);
    this.tellZoom = shareZoom(this.sync, range => this.zoom(range), signal);
    this.listen(signal);
    void this.feed.load();
    signal.addEventListener("abort", () => { this.feed.stop(); this.plot?.destroy(); this.plot = undefined; });
  }

  private begin(): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.legend = new ChartLegend(this.feed.data.keys, this.chartTitle, (index, shown) => this.toggle(index, shown));
  }

  private listen(signal: AbortSignal): void {
    this.host.addEventListener("keydown", event => this.key(event), { signal });
    this.reset.addEventListener("click", () => this.tellZoom(undefined), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw(), { signal });
    const theme = new MutationObserver(() => this.redraw());
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const size = new ResizeObserver(() => this.plot?.setSize({ width: this.host.clientWidth, height: this.host.clientHeight }));
    size.observe(this.host);
    signal.addEventListener("abort", () => { theme.disconnect(); size.disconnect(); });
  }

  private fail(triesAgain: boolean): void {
    this.append(this.status);
    this.status.textContent = triesAgain ? "Reading values again…" : "The values could not be read; this is what the page was made with.";
  }

  private show(): void {
    const { data, range } = this.feed;
    if (data.isEmpty && !this.plot) return;
    if (!this.plot) this.build();
    this.plot!.setData(data.columns() as uPlot.AlignedData, true);
    const [from, to] = range ?? this.span();
    this.plot!.setScale("x", { min: from, max: to });
    this.legend.summarise(data);
    const hidden = data.notFinite;
    if (hidden) this.status.textContent = `${whole(hidden)} values cannot be drawn (not finite${this.logarithmic ? ", or not above 0" : ""}).`;
  }

  /** All of the run's stages, whichever of them this chart has values of: charts that share a cursor share their axis. */
  private span(): Range {
    const steps = this.plot!.data[0];
    const ends = [...this.feed.stages.flatMap(stage => [stage.start, stage.end]), steps[0] ?? 0, steps.at(-1) ?? 1];
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    return [from, Math.max(to, from + 1)];
  }

  private build(): void {
    this.querySelectorAll<HTMLElement>("[data-fallback]").forEach(part => { part.hidden = true; });
    this.head.replaceChildren(make("h3", {}, this.chartTitle), make("div", { class: "chart-tools" }, this.reset));
    this.append(this.head, this.host, this.legend.table, this.status);
    this.plot = this.draw();
  }

  private draw(): uPlot {
    return draw(this.host, {
      data: this.feed.data,
      stages: this.feed.stages,
      logarithmic: this.logarithmic,
      sync: this.sync,
      onCursor: index => this.point(index),
      onSelect: (from, to) => this.tellZoom([from, to]),
      onReset: () => this.tellZoom(undefined),
    });
  }

  private redraw(): void {
    if (!this.plot) return;
    const shown = this.plot.series.map(series => series.show);
    this.plot.destroy();
    this.plot = this.draw();
    shown.forEach((show, index) => { if (index > 0 && show === false) this.plot!.setSeries(index, { show: false }); });
    this.show();
  }

  private toggle(index: number, shown: boolean): void {
    for (let column = 0; column < perMetric; column++) this.plot?.setSeries(1 + index * perMetric + column, { show: shown });
  }

  private point(index: number | null | undefined): void {
    const steps = this.plot?.data[0];
    if (!steps || index === null || index === undefined || this.plot!.cursor.left! < 0) this.legend.point(null, []);
    else this.legend.point(steps[index] ?? null, valuesAt(this.plot!, index));
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") return this.tellZoom(undefined);
    const place = this.plot && moveCursor(this.plot, event);
    if (place === undefined) return;
    const values = valuesAt(this.plot!, place).map((value, metric) => `${this.feed.data.keys[metric]} ${short(value)}`);
    this.status.textContent = `Step ${whole(this.plot!.data[0][place]!)}: ${values.join(", ")}`;
  }

  private zoom(range: Range | undefined): void {
    if (!range && !this.feed.range) return;
    const shown = this.feed.range = range && range[1] > range[0] ? range : undefined;
    this.reset.hidden = !shown;
    // What is there is shown at once, the finer buckets when they come.
    if (shown) this.plot?.setScale("x", { min: shown[0], max: shown[1] });
    void this.feed.load();
  }
}

function stagesOf(json: string | undefined): Stage[] {
  try {
    return JSON.parse(json ?? "[]") as Stage[];
  } catch {
    return [];
  }
}

define("metric-chart", MetricChart);
