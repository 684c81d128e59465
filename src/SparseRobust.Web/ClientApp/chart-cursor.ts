import type uPlot from "uplot";
import { perMetric } from "./chart-drawing";
import type { Range } from "./chart-feed";

const zoomed = "chart-zoom";

interface Zoom {
  sync: string;
  range: Range | undefined;
}

/** Lets charts of one name zoom together; a chart without a name zooms alone. Answers with what tells them, undefined for all steps. */
export function shareZoom(sync: string, zoom: (range: Range | undefined) => void, signal: AbortSignal): (range: Range | undefined) => void {
  document.addEventListener(zoomed, event => {
    const { detail } = event as CustomEvent<Zoom>;
    if (detail.sync === sync) zoom(detail.range);
  }, { signal });
  return range => {
    if (sync) document.dispatchEvent(new CustomEvent<Zoom>(zoomed, { detail: { sync, range } }));
    else zoom(range);
  };
}

/** Metrics are not measured at the same steps: the last value up to the place counts. */
export function valuesAt(plot: uPlot, place: number): (number | undefined)[] {
  return Array.from({ length: (plot.data.length - 1) / perMetric }, (_, metric) => {
    const column = plot.data[1 + metric * perMetric]!;
    let last = place;
    while (last > 0 && (column[last] === undefined || column[last] === null)) last--;
    return column[last] ?? undefined;
  });
}

/** Moves the cursor with the arrow keys, ten places with Shift; the place it comes to, undefined for other keys. */
export function moveCursor(plot: uPlot, event: KeyboardEvent): number | undefined {
  const move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  const steps = plot.data[0];
  if (!move || !steps.length) return undefined;
  event.preventDefault();
  const now = plot.cursor.idx ?? (move > 0 ? -1 : steps.length);
  const next = Math.min(steps.length - 1, Math.max(0, now + move * (event.shiftKey ? 10 : 1)));
  plot.setCursor({ left: plot.valToPos(steps[next]!, "x"), top: 1 });
  return next;
}
