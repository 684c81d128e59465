import { make } from "./elements";
import { bytes, duration, whole } from "./numbers";
import { faults, notice, problemOf } from "./problem";
import { pathOf, type Control, type JsonObject } from "./recipe-json";
import { isActive } from "./recipe-variants";

/** What POST /api/v1/plans answers. */
interface Plan {
  states: Record<string, number>;
  stages: { total: number; distinct: number; shared: number; complete: number; to_do: number };
  training_steps: number;
  estimated_seconds?: number;
  estimated_bytes?: number;
  free_bytes: number;
  estimate_basis: string;
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
  const states = Object.entries(answer.states).map(([state, count]) => `${whole(count)} ${state}`).join(", ");
  const { distinct, shared, to_do } = answer.stages;
  const facts: [string, string][] = [
    ["Runs", states],
    ["Stages", `${whole(to_do)} to do of ${whole(distinct)}${shared > 0 ? `; sharing spares ${whole(shared)}` : ""}`],
    ["Training", `${whole(answer.training_steps)} steps`],
    ["Time", answer.estimated_seconds === undefined ? "not known yet" : `about ${duration(answer.estimated_seconds)}`],
    ["Disk", `${answer.estimated_bytes === undefined ? "not known yet" : bytes(answer.estimated_bytes)}, ${bytes(answer.free_bytes)} free`],
  ];
  const list = make("dl", { class: "facts" });
  for (const [name, value] of facts) list.append(make("dt", {}, name), make("dd", {}, value));
  return make("div", { class: "stack tight" }, list, make("p", { class: "small muted" }, answer.estimate_basis));
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
