import type { HubConnection } from "@microsoft/signalr";
import { define, Island, make } from "./elements";
import { subscribe, type HubStatus } from "./hub";
import { announce, announceGap, ended, type RunEvent } from "./run-events";

interface Page {
  /** The sequence before the first item. */
  from_sequence: number;
  items: RunEvent[];
  run: { state: string; stage?: string; step?: number; total_steps?: number; rewinds: number };
  /** An attempt went back to a checkpoint: what came after from_sequence no longer counts, the items come in its place. */
  rewound?: boolean;
}

/** After this many answers with the same gap, what is missing will not come. */
const patience = 3;

/**
 * Receives a run's events and hands each, once and in order, to the islands on the page.
 * <run-live data-run-id data-after="sequence of the last event in the page" data-rewinds="how often the run had gone back by then" data-state>
 */
class RunLive extends Island {
  private runId = "";
  private state = "";
  private last = 0;
  private rewinds = 0;
  private connection: HubConnection | undefined;
  private gaps = 0;
  private asking = false;
  private line: HTMLElement | undefined;

  protected start(signal: AbortSignal): void {
    this.runId = this.dataset["runId"] ?? "";
    this.last = Number(this.dataset["after"] ?? 0);
    this.rewinds = Number(this.dataset["rewinds"] ?? 0);
    this.state = this.dataset["state"] ?? "";
    if (!this.runId || ended.has(this.state)) return;
    this.line = this.appendChild(make("p", { class: "status-line", role: "status" }));
    const receive = (page: Page): void => this.receive(page);
    const connection = subscribe({ connected: hub => this.watch(hub), status: status => this.show(status) }, signal);
    this.connection = connection;
    // The handler must return undefined, or the client answers a server that expects nothing and logs an error.
    connection.on("events", receive);
    signal.addEventListener("abort", () => connection.off("events", receive));
  }

  private watch(hub: HubConnection): Promise<unknown> {
    return hub.invoke("Watch", this.runId, this.last, this.rewinds);
  }

  private receive(page: Page): void {
    if (page.rewound) this.rewind(page.from_sequence);
    else if (page.from_sequence > this.last && !this.accept()) return;
    this.gaps = 0;
    this.rewinds = page.run.rewinds;
    const { state, stage, step, total_steps } = page.run;
    const stands: RunEvent = { event: "progressed", ...(stage ? { stage } : {}), ...(step !== undefined ? { run_step: step } : {}), ...(total_steps !== undefined ? { total_steps } : {}) };
    announce(this, this.runId, stands);
    for (const item of page.items) {
      const sequence = item.sequence ?? 0;
      if (sequence > 0 && sequence <= this.last) continue;
      this.last = Math.max(this.last, sequence);
      announce(this, this.runId, item);
    }
    if (state === this.state) return;
    this.state = state;
    announce(this, this.runId, { event: "state_changed", state });
  }

  private rewind(to: number): void {
    this.last = to;
    announceGap(this, this.runId, this.last);
  }

  /** Asks for what is missing; true when that was asked often enough in vain. */
  private accept(): boolean {
    if (this.asking) return false;
    if (++this.gaps > patience) {
      announceGap(this, this.runId, this.last);
      return true;
    }
    this.asking = true;
    this.watch(this.connection!).catch(() => undefined).finally(() => { this.asking = false; });
    return false;
  }

  private show(status: HubStatus): void {
    if (this.line) this.line.textContent = status === "reconnecting" ? "Reconnecting: live values are paused." : "";
  }
}

define("run-live", RunLive);
