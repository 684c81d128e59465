import { define, Island, make, setState, setText } from "./elements";
import { subscribe, type HubStatus } from "./hub";
import { whole } from "./numbers";

interface RunSummary {
  id: string;
  state: string;
  step?: number | null;
  total_steps?: number | null;
  stage?: string | null;
}

interface Changes {
  /** From when on the items are up to date. */
  mark: string;
  items: RunSummary[];
}

/**
 * <run-table data-mark="from when the rows are">: keeps state, progress, [data-step-text] and [data-stage] of the rows with data-run-id up to date.
 * Runs that are not in the table are only counted: rows that appear by themselves would move what the reader aims at.
 */
class RunTable extends Island {
  private readonly unseen = new Set<string>();
  private line: HTMLElement | undefined;

  protected start(signal: AbortSignal): void {
    this.line = this.appendChild(make("p", { class: "status-line", role: "status" }));
    let mark = this.dataset["mark"] ?? null;
    const receive = (changes: Changes): void => {
      mark = changes.mark;
      changes.items.forEach(item => this.update(item));
    };
    const connection = subscribe({ connected: hub => hub.invoke("WatchRuns", mark), status: status => this.show(status) }, signal);
    connection.on("runs", receive);
    signal.addEventListener("abort", () => connection.off("runs", receive));
  }

  private update(run: RunSummary): void {
    const row = this.querySelector(`[data-run-id="${CSS.escape(run.id)}"]`);
    if (!row) {
      this.unseen.add(run.id);
      this.show("connected");
      return;
    }
    setState(row, run.state);
    if (run.stage) setText(row, "[data-stage]", run.stage);
    const { step, total_steps: total } = run;
    if (step === null || step === undefined || !total) return;
    const progress = row.querySelector("progress");
    if (progress) [progress.max, progress.value] = [total, step];
    setText(row, "[data-step-text]", `${whole(step)} / ${whole(total)}`);
  }

  private show(status: HubStatus): void {
    if (!this.line) return;
    if (status === "reconnecting") this.line.textContent = "Reconnecting: states are those of a moment ago.";
    else if (this.unseen.size === 0 || !this.hasAttribute("data-first-page")) this.line.textContent = "";
    else this.line.replaceChildren(`${this.unseen.size} newer. `, make("a", { href: location.href }, "Show"));
  }
}

define("run-table", RunTable);
