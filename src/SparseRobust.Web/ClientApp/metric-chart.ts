import type uPlot from "uplot";
import { ChartData, type MetricsAnswer } from "./chart-data";
import { draw, perMetric, type Stage } from "./chart-drawing";
import { ChartLegend } from "./chart-legend";
import { define, Island, make } from "./elements";
import { short, whole } from "./numbers";
import { onRunEvent, onRunGap, type RunEvent } from "./run-events";

const maxPoints = 1000;
/** So many live points are as many buckets again: time to let the server make coarser ones. */
const compactAfter = 2 * maxPoints;
const retries = [1_000, 4_000, 15_000];
const zoomed = "chart-zoom";

interface Zoom {
  sync: string;
  range: [from: number, to: number] | undefined;
}

/** A live line chart. Charts of one data-sync share cursor and zoom; the element's content stays until there is something to draw. */
class MetricChart extends Island {
  private data!: ChartData;
  private legend!: ChartLegend;
  private plot: uPlot | undefined;
  private range: Zoom["range"];
  private waiting: RunEvent[] | undefined = [];
  private fetching: AbortController | undefined;
  private frame = 0;
  private stages: Stage[] = [];
  private readonly head = make("div", { class: "chart-head" });
  private readonly host = make("div", { class: "chart-plot", tabindex: "0", role: "group" });
  private readonly reset = make("button", { type: "button", hidden: true }, "Reset zoom");
  private readonly status = make("p", { class: "chart-status", role: "status" });

  private get runId(): string { return this.dataset["runId"] ?? ""; }
  private get chartTitle(): string { return this.dataset["title"] ?? "Chart"; }
  private get sync(): string { return this.dataset["sync"] ?? ""; }

  protected start(signal: AbortSignal): void {
    const keys = (this.dataset["keys"] ?? "").split(",").filter(Boolean);
    if (!this.runId || (keys.length === 0 && !this.dataset["discover"])) return;
    this.stages = stagesOf(this.dataset["stages"]);
    this.track(keys);
    this.host.setAttribute("aria-label", `${this.chartTitle} chart. Left and right arrow keys move the cursor, Escape shows all steps.`);
    onRunEvent(this.runId, item => this.take(item), signal);
    onRunGap(this.runId, () => void this.load(), signal);
    this.listen(signal);
    void this.load();
    signal.addEventListener("abort", () => { this.fetching?.abort(); this.plot?.destroy(); this.plot = undefined; });
  }

  private track(keys: string[]): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.data = new ChartData(keys, this.dataset["yScale"] === "log");
    this.legend = new ChartLegend(keys, this.chartTitle, (index, shown) => this.toggle(index, shown));
  }

  private listen(signal: AbortSignal): void {
    this.host.addEventListener("keydown", event => this.key(event), { signal });
    this.reset.addEventListener("click", () => this.tellZoom(undefined), { signal });
    document.addEventListener(zoomed, event => {
      const { sync, range } = (event as CustomEvent<Zoom>).detail;
      if (sync === this.sync) this.zoom(range);
    }, { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw(), { signal });
    const theme = new MutationObserver(() => this.redraw());
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const size = new ResizeObserver(() => this.plot?.setSize({ width: this.host.clientWidth, height: this.host.clientHeight }));
    size.observe(this.host);
    signal.addEventListener("abort", () => { theme.disconnect(); size.disconnect(); });
  }

  private async load(attempt = 0): Promise<void> {
    this.fetching?.abort();
    const fetching = this.fetching = new AbortController();
    this.waiting ??= [];
    try {
      const response = await fetch(this.address(), { signal: fetching.signal, headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(`${response.status}`);
      this.data.replace(await response.json() as MetricsAnswer, this.stages.map(stage => stage.name));
      const waiting = this.waiting ?? [];
      this.waiting = undefined;
      waiting.forEach(item => this.take(item));
      this.status.textContent = "";
      this.show();
    } catch {
      if (fetching.signal.aborted) return;
      const pause = retries[attempt];
      this.append(this.status);
      this.status.textContent = pause ? "Reading values again…" : "The values could not be read; this is what the page was made with.";
      if (pause) setTimeout(() => { if (this.fetching === fetching) void this.load(attempt + 1); }, pause);
    }
  }

  private address(): string {
    const query = new URLSearchParams(this.data.keys.map(key => ["key", key]));
    query.set("max_points", String(maxPoints));
    if (this.range) {
      query.set("from", String(this.range[0]));
      query.set("to", String(this.range[1]));
    }
    return `/api/v1/runs/${encodeURIComponent(this.runId)}/metrics?${query}`;
  }

  private take(item: RunEvent): void {
    if (this.waiting) {
      this.waiting.push(item);
      return;
    }
    this.enter(item);
    if (this.admit(item)) return;
    const step = item.run_step ?? item.step ?? 0;
    if (this.range && step > this.range[1]) return;
    if (!this.data.append(item)) return;
    if (this.data.appended > compactAfter) void this.load();
    // Many events can arrive between two pictures.
    else this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.show(); });
  }

  /** A stage that begins while the page is open gets its place on the axis. */
  private enter(item: RunEvent): void {
    const length = item.total_steps ?? 0;
    if ((item.event !== "stage_started" && item.event !== "stage_reused") || !item.stage || length === 0) return;
    if (this.stages.some(stage => stage.name === item.stage)) return;
    const start = (item.run_step ?? 0) - (item.from_step ?? 0);
    this.stages.push({ name: item.stage, start, end: start + length });
  }

  /** Begins anew with the lines of an evaluation that the page did not know of; true when there were some. */
  private admit(item: RunEvent): boolean {
    const metric = this.dataset["discover"];
    if (!metric || item.event !== "evaluated" || item.subject) return false;
    const found = (item.scores ?? []).filter(score => score.slice === "all" && score.metric === metric).flatMap(score =>
      [`eval/${score.dataset}_${score.split}_${metric}`, `eval/${score.dataset}_${metric}`].filter(key => key in (item.values ?? {})));
    const unknown = found.filter(key => !this.data.keys.includes(key));
    if (unknown.length === 0) return false;
    this.legend.table.remove();
    this.track([...this.data.keys, ...unknown]);
    void this.load();
    return true;
  }

  private show(): void {
    if (this.data.isEmpty && !this.plot) return;
    if (!this.plot) this.build();
    this.plot!.setData(this.data.columns() as uPlot.AlignedData, true);
    const [from, to] = this.range ?? this.span();
    this.plot!.setScale("x", { min: from, max: to });
    this.legend.summarise(this.data);
    const hidden = this.data.notFinite;
    if (hidden) this.status.textContent = `${whole(hidden)} values cannot be drawn (not finite${this.dataset["yScale"] === "log" ? ", or not above 0" : ""}).`;
  }

  /** All of the run's stages, whichever of them this chart has values of: charts that share a cursor share their axis. */
  private span(): [number, number] {
    const steps = this.plot!.data[0];
    const ends = [...this.stages.flatMap(stage => [stage.start, stage.end]), steps[0] ?? 0, steps.at(-1) ?? 1];
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
      data: this.data,
      stages: this.stages,
      logarithmic: this.dataset["yScale"] === "log",
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
    else this.legend.point(steps[index] ?? null, this.valuesAt(index));
  }

  /** Metrics are not measured at the same steps: the last value up to the step counts. */
  private valuesAt(index: number): (number | undefined)[] {
    return this.data.keys.map((_, metric) => {
      const column = this.plot!.data[1 + metric * perMetric]!;
      let place = index;
      while (place > 0 && (column[place] === undefined || column[place] === null)) place--;
      return column[place] ?? undefined;
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") return this.tellZoom(undefined);
    const move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const steps = this.plot?.data[0];
    if (!move || !steps?.length) return;
    event.preventDefault();
    const now = this.plot!.cursor.idx ?? (move > 0 ? -1 : steps.length);
    const next = Math.min(steps.length - 1, Math.max(0, now + move * (event.shiftKey ? 10 : 1)));
    this.plot!.setCursor({ left: this.plot!.valToPos(steps[next]!, "x"), top: 1 });
    this.status.textContent = `Step ${whole(steps[next]!)}: ${this.valuesAt(next).map((value, metric) => `${this.data.keys[metric]} ${short(value)}`).join(", ")}`;
  }

  private tellZoom(range: Zoom["range"]): void {
    if (this.sync) document.dispatchEvent(new CustomEvent<Zoom>(zoomed, { detail: { sync: this.sync, range } }));
    else this.zoom(range);
  }

  private zoom(range: Zoom["range"]): void {
    if (!range && !this.range) return;
    this.range = range && range[1] > range[0] ? range : undefined;
    this.reset.hidden = !this.range;
    // What is there is shown at once, the finer buckets when they come.
    if (this.range) this.plot?.setScale("x", { min: this.range[0], max: this.range[1] });
    void this.load();
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
