import { make } from "./elements";
import { bytes, duration, whole } from "./numbers";
import { faults, notice, problemOf } from "./problem";
import { pathOf, type Control, type JsonObject } from "./recipe-json";
import { isActive } from "./recipe-variants";

/** What POST /api/v1/plans answers; every member may be missing. */
interface Plan {
  cells?: { state?: string }[];
  stages_total?: number;
  stages_shared?: number;
  seconds?: number | null;
  disk_bytes?: number | null;
  energy_watt_hours?: number | null;
  notes?: string[];
}

export type Outcome = { box: HTMLElement; faults: [path: string, message: string][] };

/** Asks what launching would do. Nothing is started. */
export async function plan(recipe: JsonObject, seeds: number[], controls: Control[], signal: AbortSignal): Promise<Outcome> {
  const response = await fetch("/api/v1/plans", {
    method: "POST", signal, headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ recipe, ...(seeds.length ? { seeds } : {}) }),
  });
  if (response.ok) return { box: describe(await response.json() as Plan), faults: [] };
  const problem = await problemOf(response);
  const [placed, others] = [faults(problem).filter(fault => hasField(controls, fault)), faults(problem).filter(fault => !hasField(controls, fault))];
  return { box: notice(problem, others), faults: placed };
}

const hasField = (controls: Control[], [path]: [string, string]): boolean => controls.some(control => pathOf(control) === path);

function describe(answer: Plan): HTMLElement {
  const cells = answer.cells ?? [];
  const count = (state: string): number => cells.filter(cell => cell.state === state).length;
  const facts: [string, string | undefined][] = [
    ["Runs", `${whole(cells.length)} (${count("done")} done already, ${count("running")} running, ${cells.length - count("done") - count("running")} to do)`],
    ["Stages", answer.stages_total === undefined ? undefined : `${whole(answer.stages_total)}, ${whole(answer.stages_shared ?? 0)} of them shared or done`],
    ["Time", typeof answer.seconds === "number" ? `about ${duration(answer.seconds)}` : "not known yet on this machine"],
    ["Disk", typeof answer.disk_bytes === "number" ? bytes(answer.disk_bytes) : undefined],
    ["Energy", typeof answer.energy_watt_hours === "number" ? `about ${answer.energy_watt_hours.toFixed(1)} Wh` : undefined],
  ];
  const list = make("dl", { class: "facts" });
  for (const [name, value] of facts) if (value !== undefined) list.append(make("dt", {}, name), make("dd", {}, value));
  return make("div", { class: "stack tight" }, list, ...(answer.notes ?? []).map(note => make("p", { class: "small muted" }, note)));
}

/** Puts each fault under its field and takes the earlier ones away. */
export function showFaults(form: HTMLFormElement, controls: Control[], listed: [string, string][]): void {
  form.querySelectorAll("[data-plan-fault]").forEach(fault => fault.remove());
  for (const control of controls) {
    const messages = listed.filter(([path]) => path === pathOf(control)).map(([, message]) => message);
    const id = `fault-${control.id}`;
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(part => part && part !== id);
    control.toggleAttribute("aria-invalid", false);
    if (messages.length && isActive(control)) {
      control.setAttribute("aria-invalid", "true");
      others.push(id);
      (control.closest(".field") ?? control.parentElement)?.append(make("p", { class: "error", id, "data-plan-fault": true }, messages.join(" ")));
    }
    if (others.length) control.setAttribute("aria-describedby", others.join(" "));
    else control.removeAttribute("aria-describedby");
  }
}
