/** A number as the server writes it: not-a-number and infinities are strings. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

export interface Score {
  dataset: string;
  split: string;
  slice: string;
  metric: string;
  value: JsonNumber;
  n: number;
  sampled: boolean;
}

/** One event of a run's journal; which members are there depends on the kind. */
export interface RunEvent {
  event:
    | "run_started" | "stage_started" | "stage_reused" | "stage_finished" | "step_measured"
    | "evaluated" | "noted" | "run_finished" | "run_failed"
    // Not journalled: they say where the table says the run stands.
    | "state_changed" | "progressed";
  sequence?: number;
  time?: string;
  stage?: string;
  /** The stage whose checkpoint another one evaluates. */
  subject?: string | null;
  step?: number;
  run_step?: number;
  from_step?: number;
  total_steps?: number;
  values?: Record<string, JsonNumber>;
  scores?: Score[];
  device?: string;
  text?: string;
  code?: string;
  message?: string;
  state?: string;
  wall_seconds?: number;
}

interface RunEventDetail {
  runId: string;
  item: RunEvent;
}

interface RunGapDetail {
  runId: string;
  after: number;
}

const name = "run-event";
const gap = "run-gap";

export const ended = new Set(["succeeded", "failed", "cancelled"]);

/** Tells every island on the page. */
export function announce(source: EventTarget, runId: string, item: RunEvent): void {
  source.dispatchEvent(new CustomEvent<RunEventDetail>(name, { bubbles: true, detail: { runId, item } }));
}

/** Tells that what came after a sequence no longer counts, or that events after it were lost for good: whoever keeps a history forgets it or reads it anew. */
export function announceGap(source: EventTarget, runId: string, after: number): void {
  source.dispatchEvent(new CustomEvent<RunGapDetail>(gap, { bubbles: true, detail: { runId, after } }));
}

/** Listens to one run's events until the signal is aborted. */
export function onRunEvent(runId: string, listen: (item: RunEvent) => void, signal: AbortSignal): void {
  document.addEventListener(name, event => {
    const { detail } = event as CustomEvent<RunEventDetail>;
    if (detail.runId === runId) listen(detail.item);
  }, { signal });
}

export function onRunGap(runId: string, listen: (after: number) => void, signal: AbortSignal): void {
  document.addEventListener(gap, event => {
    const { detail } = event as CustomEvent<RunGapDetail>;
    if (detail.runId === runId) listen(detail.after);
  }, { signal });
}
