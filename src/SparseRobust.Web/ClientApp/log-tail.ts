import { define, Island, make } from "./elements";
import { fromJson, whole } from "./numbers";
import { onRunEvent, onRunGap, type RunEvent, type Score } from "./run-events";

const kept = 500;

interface Line {
  kind: "note" | "stage" | "score" | "error";
  text: string;
}

const shown = (score: Score): string =>
  `${score.dataset} ${score.split} ${score.metric} ${fromJson(score.value).toFixed(4)} (n ${whole(score.n)}${score.sampled ? ", sample" : ""})`;

const seconds = (item: RunEvent): string => `${(item.wall_seconds ?? 0).toFixed(1)} s`;

function begins(item: RunEvent): string {
  const total = item.total_steps ?? 0;
  if (item.from_step) return `${item.stage} goes on from step ${whole(item.from_step)} of ${whole(total)}`;
  return `${item.stage} begins${total > 0 ? `: ${whole(total)} steps` : ""}`;
}

/** The words of the server's log, so that nothing changes its name when the page is loaded anew. */
function lineOf(item: RunEvent): Line | undefined {
  switch (item.event) {
    case "run_started": return { kind: "stage", text: `Attempt begins${item.device ? ` on ${item.device}` : ""}` };
    case "stage_started": return { kind: "stage", text: begins(item) };
    case "stage_reused": return { kind: "stage", text: `${item.stage} was there already` };
    case "stage_finished": return { kind: "stage", text: `${item.stage} done in ${seconds(item)}` };
    case "evaluated": return { kind: "score", text: `${item.stage}, step ${whole(item.step ?? 0)}: ${(item.scores ?? []).filter(score => score.slice === "all").map(shown).join("; ")}` };
    case "noted": return { kind: "note", text: `${item.stage}: ${item.text ?? ""}` };
    case "run_finished": return { kind: "stage", text: `Done in ${seconds(item)}` };
    case "run_failed": return { kind: "error", text: `${item.code ?? "Failed"}: ${item.message ?? ""}` };
    default: return undefined;
  }
}

/** <log-tail data-run-id> around <div class="log" tabindex="0" role="region" aria-label><ol>...</ol></div>. Follows the end unless the reader has scrolled up. */
class LogTail extends Island {
  protected start(signal: AbortSignal): void {
    const box = this.querySelector<HTMLElement>(".log");
    const list = this.querySelector("ol");
    if (!box || !list) return;
    box.scrollTop = box.scrollHeight;
    const runId = this.dataset["runId"] ?? "";
    onRunEvent(runId, item => this.write(box, list, item), signal);
    onRunGap(runId, after => [...list.children].forEach(line => { if (Number((line as HTMLElement).dataset["sequence"]) > after) line.remove(); }), signal);
  }

  private write(box: HTMLElement, list: HTMLOListElement, item: RunEvent): void {
    const line = lineOf(item);
    if (!line) return;
    const follows = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
    const time = item.time ?? new Date().toISOString();
    list.append(make("li", { "data-kind": line.kind, "data-sequence": `${item.sequence ?? 0}` }, make("time", { datetime: time }, time.slice(11, 19)), make("span", {}, line.text)));
    while (list.children.length > kept) {
      const first = list.firstElementChild as HTMLElement;
      // What the reader looks at stays where it is while lines above it go.
      if (!follows) box.scrollTop -= first.offsetHeight;
      first.remove();
    }
    if (follows) box.scrollTop = box.scrollHeight;
  }
}

define("log-tail", LogTail);
