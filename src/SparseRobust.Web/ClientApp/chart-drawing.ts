import uPlot from "uplot";
import type { ChartData } from "./chart-data";
import { short, whole } from "./numbers";

export interface Stage {
  name: string;
  start: number;
  end: number;
}

export interface Drawing {
  data: ChartData;
  stages: Stage[];
  logarithmic: boolean;
  sync: string;
  onCursor: (index: number | null | undefined) => void;
  onSelect: (from: number, to: number) => void;
  onReset: () => void;
}

/** Columns that each metric has in the data: last, min, max. */
export const perMetric = 3;
export const seriesColours = 6;
/** Up to so many points each is drawn as a dot; of more only those that no line reaches. */
const fewPoints = 40;

/** The colours are registered properties, so the computed value is "rgb(...)" and a canvas can use it. */
const colour = (host: Element, name: string): string => getComputedStyle(host).getPropertyValue(name).trim();

const faint = (rgb: string, opacity: number): string => rgb.replace(/^rgb\(/, "rgba(").replace(/\)$/, `, ${opacity})`);

/** The line is not drawn over the border between two stages: the loss after it is another model's. */
function stageGaps(data: ChartData, key: string): uPlot.Series.GapsRefiner {
  return (plot, index, _from, _to, gaps) => {
    const [steps, values] = [plot.data[0], plot.data[index]!];
    for (const border of data.breaks(key)) {
      const after = steps.indexOf(border);
      let before = after - 1;
      while (before >= 0 && values[before] === undefined) before--;
      if (before < 0) continue;
      // Two steps can share a pixel; a gap narrower than the line would hide nothing.
      gaps.push([plot.valToPos(steps[before]!, "x", true) - devicePixelRatio, plot.valToPos(border, "x", true) + devicePixelRatio]);
    }
    return gaps.sort((a, b) => a[0]! - b[0]!);
  };
}

function metricSeries(host: Element, drawing: Drawing): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  drawing.data.keys.forEach((key, index) => {
    const stroke = colour(host, `--series-${index % seriesColours + 1}`);
    const gaps = stageGaps(drawing.data, key);
    const dash = index >= seriesColours ? { dash: [6, 4] } : {};
    const edge: uPlot.Series = { class: "u-edge", width: 0, points: { show: false }, gaps };
    series.push({ label: key, stroke, width: 1.5, gaps, points: { size: 5, show: (_plot, _index, from, to) => to - from < fewPoints, filter: (_plot, _index, all) => all ? null : drawing.data.lone(key) }, ...dash }, edge, { ...edge });
    const first = 1 + index * perMetric;
    bands.push({ series: [first + 2, first + 1], fill: faint(stroke, 0.2) });
  });
  return { series, bands };
}

function drawStages(plot: uPlot, stages: Stage[], line: string, text: string): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  // The axes before leave their own alignment.
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.lineWidth = scale;
  for (const stage of stages) {
    const [left, right] = [plot.valToPos(stage.start, "x", true), plot.valToPos(stage.end, "x", true)];
    const [from, to] = [Math.max(left, bbox.left), Math.min(right, bbox.left + bbox.width)];
    if (to <= from) continue;
    if (left > bbox.left) {
      ctx.strokeStyle = line;
      ctx.beginPath();
      ctx.moveTo(Math.round(left) + 0.5, bbox.top);
      ctx.lineTo(Math.round(left) + 0.5, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.fillStyle = text;
    if (ctx.measureText(stage.name).width < to - from - 8 * scale) ctx.fillText(stage.name, from + 4 * scale, bbox.top + 2 * scale);
  }
  ctx.restore();
}

function axis(host: Element, values: (value: number) => string, size: number): uPlot.Axis {
  const line = colour(host, "--line");
  return {
    stroke: colour(host, "--text-muted"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
    values: (_plot, splits) => splits.map(value => value === null ? "" : values(value)),
    size,
    gap: 4,
  };
}

/** Not rounded to whole powers of ten: a loss between 0.2 and 1.2 would fill a third of the chart. */
const logarithmic: uPlot.Scale = { distr: 3, range: (_plot, low, high) => low === null || high === null ? [0.1, 1] : [low / 1.1, high * 1.1] };

/** On a logarithmic axis only 1, 2 and 5 times a power of ten have a number. */
const roundOnly: uPlot.Axis.Filter = (_plot, splits) => splits.map(split => /^[125](\.0*)?e/.test(split.toExponential(6)) ? split : null);

/** Draws into the host; made anew when the theme changes, as a canvas keeps its colours. */
export function draw(host: HTMLElement, drawing: Drawing): uPlot {
  const { series, bands } = metricSeries(host, drawing);
  const options: uPlot.Options = {
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    scales: { x: { time: false }, y: drawing.logarithmic ? logarithmic : {} },
    axes: [axis(host, whole, 28), { ...axis(host, short, 56), ...(drawing.logarithmic ? { filter: roundOnly } : {}) }],
    series,
    bands,
    padding: [8, 12, 0, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      ...(drawing.sync ? { sync: { key: drawing.sync } } : {}),
      bind: { dblclick: () => () => { drawing.onReset(); return null; } },
    },
    hooks: {
      setCursor: [plot => drawing.onCursor(plot.cursor.idx)],
      setSelect: [plot => select(plot, drawing)],
      drawAxes: [plot => drawStages(plot, drawing.stages, faint(colour(host, "--text-muted"), 0.5), colour(host, "--text-muted"))],
    },
  };
  return new uPlot(options, drawing.data.columns() as uPlot.AlignedData, host);
}

function select(plot: uPlot, drawing: Drawing): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  drawing.onSelect(Math.floor(plot.posToVal(left, "x")), Math.ceil(plot.posToVal(left + width, "x")));
}
