import { define, Island, make } from "./elements";
import { notice, problemOf } from "./problem";

interface Label {
  label: string;
  score: number;
}

interface Answer {
  model: string;
  labels: Label[];
  milliseconds: number;
  computed: number | undefined;
}

const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;

/** Asks each checked model in turn, so that none waits for another, and shows their answers side by side in [data-results]. */
class PredictForm extends Island {
  private asking: AbortController | undefined;

  protected start(signal: AbortSignal): void {
    const form = this.querySelector("form");
    const results = this.querySelector<HTMLElement>("[data-results]");
    if (!form || !results) return;
    results.setAttribute("aria-live", "polite");
    form.addEventListener("submit", event => {
      event.preventDefault();
      void this.ask(new FormData(form), results);
    }, { signal });
  }

  private async ask(data: FormData, results: HTMLElement): Promise<void> {
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    const models = data.getAll("model").map(String);
    results.setAttribute("aria-busy", "true");
    try {
      const answers: Answer[] = [];
      for (const model of models.length ? models : [""]) {
        const answer = await predict(model, inputs(data), asking.signal);
        answers.push({ ...answer, model: this.nameOf(model) });
      }
      results.replaceChildren(table(answers));
    } catch (error) {
      if (asking.signal.aborted) return;
      results.replaceChildren(error instanceof HTMLElement ? error : notice({ title: "The server did not answer", detail: "Ask again in a moment." }));
    }
    results.removeAttribute("aria-busy");
  }

  private nameOf(model: string): string {
    return model ? this.querySelector<HTMLElement>(`input[value="${CSS.escape(model)}"]`)?.dataset["name"] ?? model : "default";
  }
}

/** A pair is a list of two; a single text is a list of one. */
function inputs(data: FormData): string[][] {
  const pair = String(data.get("pair") ?? "");
  return [[String(data.get("text") ?? ""), ...(pair.trim() ? [pair] : [])]];
}

/** Throws the notice to show when the server refuses. */
async function predict(model: string, texts: string[][], signal: AbortSignal): Promise<Answer> {
  const started = performance.now();
  const response = await fetch("/predict", {
    method: "POST", signal, headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ inputs: texts, ...(model ? { model } : {}) }),
  });
  if (!response.ok) throw notice(await problemOf(response));
  const body = await response.json() as Label[] | Label[][];
  const labels = (Array.isArray(body[0]) ? body[0] : body) as Label[];
  const header = response.headers.get("x-inference-time");
  return { model: model || "default", labels, milliseconds: performance.now() - started, computed: header ? Number(header) : undefined };
}

function table(answers: Answer[]): HTMLElement {
  // One order of classes for all models, that of their names: an order by score would differ from row to row.
  const classes = [...new Set(answers.flatMap(answer => answer.labels.map(label => label.label)))].sort();
  const timed = answers.some(answer => answer.computed !== undefined);
  const heads = ["Model", ...classes].map(head => make("th", { scope: "col" }, head));
  const times = ["Answered in", ...(timed ? ["Computed in"] : [])].map(head => make("th", { scope: "col", class: "num" }, head));
  const rows = answers.map(answer => make("tr", {},
    make("th", { scope: "row" }, answer.model), ...classes.map(name => cell(answer, name)),
    make("td", { class: "num" }, milliseconds(answer.milliseconds)),
    ...(timed ? [make("td", { class: "num" }, answer.computed === undefined ? "–" : milliseconds(answer.computed))] : [])));
  return make("div", { class: "panel flush" }, make("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Answers of the models" },
    make("table", { class: "bars" }, make("caption", { class: "visually-hidden" }, "Probability of each class"),
      make("thead", {}, make("tr", {}, ...heads, ...times)), make("tbody", {}, ...rows))));
}

function cell(answer: Answer, name: string): HTMLElement {
  const score = answer.labels.find(label => label.label === name)?.score;
  if (score === undefined) return make("td", {}, "–");
  const top = answer.labels.every(label => label.score <= score);
  return make("td", {}, make("div", { class: "bar", style: `--share: ${score}`, "data-top": top }, score.toFixed(3)));
}

define("predict-form", PredictForm);
