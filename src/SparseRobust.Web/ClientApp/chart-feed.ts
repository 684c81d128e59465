import { ChartData, type MetricsAnswer } from "./chart-data";
import type { Stage } from "./chart-drawing";
import type { RunEvent } from "./run-events";

const maxPoints = 1000;
/** So many live points are as many buckets again: time to let the server make coarser ones. */
const compactAfter = 2 * maxPoints;
const retries = [1_000, 4_000, 15_000];

export type Range = [from: number, to: number];

/** What a chart shows of which run. */
export interface Source {
  runId: string;
  keys: string[];
  /** The metric whose evaluations become lines of their own when they are first heard of; empty for none. */
  discover: string;
  logarithmic: boolean;
  stages: Stage[];
}

/** What a chart is told of its values. */
export interface FeedEvents {
  loaded(): void;
  grown(): void;
  /** There are further keys: the data is another, and empty until it is loaded. */
  widened(): void;
  failed(triesAgain: boolean): void;
}

/** A chart's values: read from the server, kept up to date by the run's events, and read again for another range of steps. */
export class ChartFeed {
  data: ChartData;
  range: Range | undefined;
  readonly stages: Stage[];
  private waiting: RunEvent[] | undefined = [];
  private fetching: AbortController | undefined;

  constructor(private readonly source: Source, private readonly events: FeedEvents) {
    this.data = new ChartData(source.keys, source.logarithmic);
    this.stages = source.stages;
  }

  stop(): void {
    this.fetching?.abort();
  }

  async load(attempt = 0): Promise<void> {
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
      this.events.loaded();
    } catch {
      if (fetching.signal.aborted) return;
      const pause = retries[attempt];
      this.events.failed(pause !== undefined);
      if (pause) setTimeout(() => { if (this.fetching === fetching) void this.load(attempt + 1); }, pause);
    }
  }

  take(item: RunEvent): void {
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
    else this.events.grown();
  }

  private address(): string {
    const query = new URLSearchParams(this.data.keys.map(key => ["key", key]));
    query.set("max_points", String(maxPoints));
    if (this.range) {
      query.set("from", String(this.range[0]));
      query.set("to", String(this.range[1]));
    }
    return `/api/v1/runs/${encodeURIComponent(this.source.runId)}/metrics?${query}`;
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
    const metrics = this.source.discover.split(",").filter(metric => metric !== "");
    if (metrics.length === 0 || item.event !== "evaluated" || item.subject) return false;
    const found = (item.scores ?? []).filter(score => score.slice === "all" && metrics.includes(score.metric)).flatMap(score =>
      [`eval/${score.dataset}_${score.split}_${score.metric}`, `eval/${score.dataset}_${score.metric}`].filter(key => key in (item.values ?? {})));
    const unknown = found.filter(key => !this.data.keys.includes(key));
    if (unknown.length === 0) return false;
    this.data = new ChartData([...this.data.keys, ...unknown], this.source.logarithmic);
    this.events.widened();
    void this.load();
    return true;
  }
}
