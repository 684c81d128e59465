import { fromJson } from "./numbers";
import type { JsonNumber, RunEvent } from "./run-events";

export interface Bucket {
  step: number;
  count: number;
  min: number;
  max: number;
  last: number;
}

interface JsonBucket {
  step: number;
  count: number;
  min: JsonNumber;
  max: JsonNumber;
  last: JsonNumber;
}

export interface MetricsAnswer {
  run_id: string;
  last_sequence: number;
  series: { key: string; stage: string; n: number; points: JsonBucket[] }[];
}

export interface Summary {
  n: number;
  last: number | undefined;
  min: number | undefined;
  max: number | undefined;
}

type Column = (number | undefined)[];

/** One metric: its buckets by step, and the steps at which another stage's values begin. */
class Metric {
  readonly buckets = new Map<number, Bucket>();
  readonly breaks: number[] = [];
  n = 0;
  private stage: string | undefined;

  enter(stage: string | undefined, step: number): void {
    if (this.stage !== undefined && stage !== this.stage) this.breaks.push(step);
    this.stage = stage;
  }

  add(bucket: Bucket): void {
    // A resumed attempt measures some steps again; they are the same point.
    if (!this.buckets.has(bucket.step)) this.n += bucket.count;
    this.buckets.set(bucket.step, bucket);
  }
}

/** What a chart draws. Buckets have exact least, greatest and last values; a live point is a bucket of one. */
export class ChartData {
  private metrics: Map<string, Metric>;
  /** Values that are not numbers; they cannot be drawn, but must not be hidden either. */
  notFinite = 0;
  lastSequence = 0;
  appended = 0;

  constructor(readonly keys: string[], private readonly logarithmic: boolean) {
    this.metrics = this.none();
  }

  get isEmpty(): boolean {
    return [...this.metrics.values()].every(metric => metric.buckets.size === 0);
  }

  breaks(key: string): readonly number[] {
    return this.metrics.get(key)?.breaks ?? [];
  }

  /** With stages given, only what was measured in their training: the evaluation of a chosen checkpoint is over other rows and no part of the curve. */
  replace(answer: MetricsAnswer, stages: string[] = []): void {
    this.metrics = this.none();
    this.notFinite = this.appended = 0;
    this.lastSequence = answer.last_sequence;
    const byPlace = [...answer.series].sort((a, b) => (a.points[0]?.step ?? 0) - (b.points[0]?.step ?? 0));
    for (const series of byPlace) {
      const metric = this.metrics.get(series.key);
      if (!metric || series.points.length === 0 || (stages.length > 0 && !stages.includes(series.stage))) continue;
      metric.enter(series.stage, series.points[0]!.step);
      for (const point of series.points) {
        this.put(metric, { ...point, min: fromJson(point.min), max: fromJson(point.max), last: fromJson(point.last) });
      }
    }
  }

  /** Adds what an event says about this chart's metrics; true when there was something. */
  append(item: RunEvent): boolean {
    if (item.subject || (item.sequence ?? Infinity) <= this.lastSequence) return false;
    const step = item.run_step ?? item.step;
    if (step === undefined) return false;
    let found = false;
    for (const [key, value] of valuesOf(item)) {
      const metric = this.metrics.get(key);
      if (!metric) continue;
      metric.enter(item.stage, step);
      this.put(metric, { step, count: 1, min: value, max: value, last: value });
      found = true;
    }
    if (found) this.appended++;
    return found;
  }

  summary(key: string): Summary {
    const metric = this.metrics.get(key);
    const buckets = [...metric?.buckets.values() ?? []];
    const latest = buckets.reduce<Bucket | undefined>((found, bucket) => found && found.step > bucket.step ? found : bucket, undefined);
    return {
      n: metric?.n ?? 0,
      last: latest?.last,
      min: buckets.length ? Math.min(...buckets.map(bucket => bucket.min)) : undefined,
      max: buckets.length ? Math.max(...buckets.map(bucket => bucket.max)) : undefined,
    };
  }

  /** Steps, then for each metric its last, least and greatest values. Undefined is no gap for uPlot, only no point. */
  columns(): [number[], ...Column[]] {
    const steps = [...new Set([...this.metrics.values()].flatMap(metric => [...metric.buckets.keys()]))].sort((a, b) => a - b);
    const columns = this.keys.flatMap(key => {
      const buckets = this.metrics.get(key)!.buckets;
      return (["last", "min", "max"] as const).map(part => steps.map(step => buckets.get(step)?.[part]));
    });
    return [steps, ...columns];
  }

  /** Places among the steps of the values that no line can reach: the only ones of their stage. */
  lone(key: string): number[] {
    const [steps] = this.columns();
    const metric = this.metrics.get(key)!;
    const places = steps.flatMap((step, place) => metric.buckets.has(step) ? [place] : []);
    const begins = new Set(metric.breaks);
    return places.filter((place, i) => (i === 0 || begins.has(steps[place]!)) && (i === places.length - 1 || begins.has(steps[places[i + 1]!]!)));
  }

  private put(metric: Metric, bucket: Bucket): void {
    const drawable = [bucket.min, bucket.max, bucket.last].every(value => Number.isFinite(value) && (!this.logarithmic || value > 0));
    if (drawable) metric.add(bucket);
    else this.notFinite++;
  }

  private none(): Map<string, Metric> {
    return new Map(this.keys.map(key => [key, new Metric()]));
  }
}

function valuesOf(item: RunEvent): [string, number][] {
  return Object.entries(item.values ?? {}).map(([key, value]) => [key, fromJson(value)]);
}
