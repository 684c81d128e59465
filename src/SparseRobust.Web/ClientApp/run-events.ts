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

const name = "run-event";
const gap = "run-gap";

export const ended = new Set(["succeeded", "failed", "cancelled"]);

/** Tells every island on the page. */
export function announce(source: EventTarget, runId: string, item: RunEvent): void {
  source.dispatchEvent(new CustomEvent<RunEventDetail>(name, { bubbles: true, detail: { runId, item } }));
}

/** Tells that events were lost for good: whoever keeps a history reads it anew. */
export function announceGap(source: EventTarget, runId: string): void {
  source.dispatchEvent(new CustomEvent(gap, { bubbles: true, detail: { runId } }));
}

/** Listens to one run's events until the signal is aborted. */
export function onRunEvent(runId: string, listen: (item: RunEvent) => void, signal: AbortSignal): void {
  document.addEventListener(name, event => {
    const { detail } = event as CustomEvent<RunEventDetail>;
    if (detail.runId === runId) listen(detail.item);
  }, { signal });
}

export function onRunGap(runId: string, listen: () => void, signal: AbortSignal): void {
  document.addEventListener(gap, event => {
    if ((event as CustomEvent<{ runId: string }>).detail.runId === runId) listen();
  }, { signal });
}
