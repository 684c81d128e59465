import type { ChartData } from "./chart-data";
import { seriesColours } from "./chart-drawing";
import { make } from "./elements";
import { short, whole } from "./numbers";

const columns = ["last", "cursor", "min", "max", "n"] as const;
type Column = (typeof columns)[number];

const isRange = (column: Column): boolean => column !== "last" && column !== "cursor";

/** The legend is a table: it can be reached by keyboard, read aloud and copied, which a canvas cannot. */
export class ChartLegend {
  readonly table: HTMLTableElement;
  private readonly cells = new Map<string, Record<Column, HTMLElement>>();
  private readonly cursorHead: HTMLElement;

  constructor(private readonly keys: string[], title: string, onToggle: (index: number, shown: boolean) => void) {
    this.cursorHead = make("th", { scope: "col", class: "num" }, "at cursor");
    const heads = columns.map(column => column === "cursor" ? this.cursorHead : make("th", { scope: "col", class: isRange(column) ? "num range" : "num" }, column));
    const body = make("tbody", {}, ...keys.map((key, index) => this.row(key, index, onToggle)));
    this.table = make("table", { class: "chart-legend" },
      make("caption", { class: "visually-hidden" }, `${title}: values of each metric`),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Metric"), ...heads)), body);
  }

  private row(key: string, index: number, onToggle: (index: number, shown: boolean) => void): HTMLTableRowElement {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => onToggle(index, box.checked));
    const name = this.keys.length > 1
      ? make("label", { class: "key" }, box, make("span", { class: "swatch" }), key)
      : make("span", { class: "key" }, make("span", { class: "swatch" }), key);
    const cells = Object.fromEntries(columns.map(column => [column, make("td", { class: isRange(column) ? "num range" : "num" }, "–")])) as unknown as Record<Column, HTMLElement>;
    this.cells.set(key, cells);
    return make("tr", { "data-series": index % seriesColours + 1 }, make("th", { scope: "row" }, name), ...columns.map(column => cells[column]));
  }

  summarise(data: ChartData): void {
    for (const [key, cells] of this.cells) {
      const { last, min, max, n } = data.summary(key);
      cells.last.textContent = short(last);
      cells.min.textContent = short(min);
      cells.max.textContent = short(max);
      cells.n.textContent = whole(n);
    }
  }

  /** The values as of a step; null when the cursor has left. */
  point(step: number | null, values: readonly (number | undefined)[]): void {
    this.cursorHead.textContent = step === null ? "at cursor" : `at ${whole(step)}`;
    this.keys.forEach((key, index) => { this.cells.get(key)!.cursor.textContent = short(values[index]); });
  }
}
