import type { HubConnection } from "@microsoft/signalr";
import { define, Island, make } from "./elements";
import { subscribe, type HubStatus } from "./hub";
import { announce, announceGap, ended, type RunEvent } from "./run-events";

/** After this many answers with the same gap, what is missing will not come. */
const patience = 3;

/**
 * Receives a run's events and hands each, once and in order, to the islands on the page.
 * <run-live data-run-id data-after="sequence of the last event in the page" data-state>
 */
class RunLive extends Island {
  private runId = "";
  private last = 0;
  private connection: HubConnection | undefined;
  private gaps = 0;
  private asking = false;
  private line: HTMLElement | undefined;

  protected start(signal: AbortSignal): void {
    this.runId = this.dataset["runId"] ?? "";
    this.last = Number(this.dataset["after"] ?? 0);
    if (!this.runId || ended.has(this.dataset["state"] ?? "")) return;
    this.line = this.appendChild(make("p", { class: "status-line", role: "status" }));
    const receive = (from: number, items: RunEvent[]): void => this.receive(from, items);
    const connection = subscribe({ connected: hub => hub.invoke("Watch", this.runId, this.last), status: status => this.show(status) }, signal);
    this.connection = connection;
    // The handler must return undefined, or the client answers a server that expects nothing and logs an error.
    connection.on("events", receive);
    signal.addEventListener("abort", () => connection.off("events", receive));
  }

  private receive(from: number, items: RunEvent[]): void {
    if (from > this.last && !this.accept()) return;
    this.gaps = 0;
    for (const item of items) {
      const sequence = item.sequence ?? 0;
      // A change of state is not journalled; it may carry the sequence of the event before it.
      if (item.event !== "state_changed" && sequence > 0 && sequence <= this.last) continue;
      this.last = Math.max(this.last, sequence);
      announce(this, this.runId, item);
    }
  }

  /** Asks for what is missing; true when that was asked often enough in vain. */
  private accept(): boolean {
    if (this.asking) return false;
    if (++this.gaps > patience) {
      announceGap(this, this.runId);
      return true;
    }
    this.asking = true;
    this.connection!.invoke("Watch", this.runId, this.last).catch(() => undefined).finally(() => { this.asking = false; });
    return false;
  }

  private show(status: HubStatus): void {
    if (this.line) this.line.textContent = status === "reconnecting" ? "Reconnecting: live values are paused." : "";
  }
}

define("run-live", RunLive);
