import { make } from "./elements";

/** An RFC 9457 body. */
export interface Problem {
  title?: string;
  detail?: string;
  errors?: Record<string, string[] | string>;
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = typeof body === "object" && body !== null ? body as Problem : {};
  return { ...problem, title: problem.title ?? `The server answered ${response.status}` };
}

/** Faults by JSON path without the leading "$." and "recipe.". */
export function faults(problem: Problem): [path: string, message: string][] {
  return Object.entries(problem.errors ?? {}).flatMap(([path, messages]) =>
    [messages].flat().map((message): [string, string] => [path.replace(/^\$\.?/, "").replace(/^recipe\./, ""), message]));
}

export function notice(problem: Problem, listed = faults(problem)): HTMLElement {
  const list = listed.map(([path, message]) => make("li", {}, make("code", {}, path || "$"), ` ${message}`));
  return make("div", { class: "notice", "data-kind": "error" }, make("strong", {}, problem.title ?? "It did not work"),
    ...(problem.detail ? [make("p", {}, problem.detail)] : []), ...(list.length ? [make("ul", {}, ...list)] : []));
}
