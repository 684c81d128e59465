import { define, Island, make, setState, setText } from "./elements";
import { duration, whole } from "./numbers";
import { ended, onRunEvent, type RunEvent } from "./run-events";

/** Speed is measured over this long: shorter jumps about, longer hides that a stage is slower. */
const speedWindow = 30_000;
const reloadPause = 60_000;

/**
 * <run-progress data-run-id> around a StateBadge, a progress whose max is the run's steps, and any of
 * [data-stage], [data-step-text], [data-speed], [data-remaining]. After the end it loads the page anew, once, for the scores.
 */
class RunProgress extends Island {
  private readonly steps: { time: number; step: number }[] = [];
  private runId = "";

  protected start(signal: AbortSignal): void {
    this.runId = this.dataset["runId"] ?? "";
    onRunEvent(this.runId, item => this.take(item), signal);
  }

  private take(item: RunEvent): void {
    switch (item.event) {
      case "progressed": return this.place(item);
      case "stage_started": return setText(this, "[data-stage]", item.stage ?? "");
      case "step_measured": return this.estimate(Date.parse(item.time ?? ""), item.run_step ?? item.step ?? 0);
      // Only the table knows the end: the journal's last event is written before the scores are entered.
      case "state_changed":
        if (item.state && ended.has(item.state)) this.end(item.state);
        else if (item.state) setState(this, item.state);
    }
  }

  private place(item: RunEvent): void {
    const { run_step: step, total_steps: total } = item;
    if (item.stage) setText(this, "[data-stage]", item.stage);
    if (step === undefined || !total) return;
    const progress = this.querySelector("progress");
    if (progress) [progress.max, progress.value] = [total, step];
    setText(this, "[data-step-text]", `${whole(step)} / ${whole(total)}`);
  }

  private estimate(time: number, step: number): void {
    const total = this.querySelector("progress")?.max ?? 0;
    if (Number.isNaN(time)) return;
    // A resumed attempt starts again at an earlier step.
    if (step < (this.steps.at(-1)?.step ?? 0)) this.steps.length = 0;
    this.steps.push({ time, step });
    while (this.steps.length > 2 && time - this.steps[0]!.time > speedWindow) this.steps.shift();
    const first = this.steps[0]!;
    if (time <= first.time) return;
    const speed = (step - first.step) * 1000 / (time - first.time);
    setText(this, "[data-speed]", `${speed.toPrecision(3)} steps/s`);
    if (total > step && speed > 0) setText(this, "[data-remaining]", `about ${duration((total - step) / speed)} left in this stage`);
  }

  private end(state: string): void {
    setState(this, state);
    setText(this, "[data-remaining]", "");
    const mark = `ended-${this.runId}`;
    // Should the new page still say running, it must not load itself again and again.
    if (Date.now() - Number(sessionStorage.getItem(mark) ?? 0) < reloadPause) return;
    sessionStorage.setItem(mark, String(Date.now()));
    if (this.isReaderBusy()) this.offerResults();
    // The browser keeps the scroll position over a reload. The wait lets the last points reach the database.
    else setTimeout(() => this.isReaderBusy() ? this.offerResults() : location.reload(), 1_000);
  }

  private isReaderBusy(): boolean {
    return document.querySelector("dialog[open]") !== null || document.activeElement?.matches("input, textarea, select") === true
      || (getSelection()?.isCollapsed === false);
  }

  private offerResults(): void {
    this.append(make("p", { class: "notice", role: "status" }, "The run has ended. ", make("a", { href: location.href }, "Show the results")));
  }
}

define("run-progress", RunProgress);
