import { scaleBand, scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ChartSpec } from '../../agent/tools/chart-spec.ts';

export const chartWidth = 640;
/** The width of a bar does not exceed this, so that a chart of few values does not look like a wall. */
const widestBar = 64;
export const chartHeight = 260;
const margin = { top: 12, right: 8, bottom: 28, left: 44 };

export interface ChartMark {
  /** Index of the series, which determines the colour. */
  readonly series: number;
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ChartTick {
  readonly at: number;
  readonly label: string;
}

/** The geometry of a chart, in the units of its view box. */
export interface ChartLayout {
  readonly plot: { readonly left: number; readonly right: number; readonly bottom: number };
  /** Ticks of the value axis. */
  readonly ticks: readonly ChartTick[];
  /** Labels of the bottom axis. If they would overlap, some are omitted. */
  readonly labels: readonly ChartTick[];
  readonly marks: readonly ChartMark[];
  /** One line for each series of a line chart. */
  readonly paths: readonly { readonly series: number; readonly d: string }[];
}

/** @param width The width of the view box. With the width on the screen, texts have the same size at each width */
export function layOutChart({ kind, labels, series }: ChartSpec, width = chartWidth): ChartLayout {
  const left = margin.left;
  const right = width - margin.right;
  const bottom = chartHeight - margin.bottom;
  const values = series.flatMap((one) => one.values);
  // Bars start at zero, so that their lengths are proportional. A line may start at its lowest value.
  const floor = kind === 'bar' ? Math.min(0, ...values) : Math.min(...values);
  const y = scaleLinear()
    .domain([Number.isFinite(floor) ? floor : 0, Math.max(kind === 'bar' ? 0 : floor, ...values)])
    .nice(5)
    .range([bottom, margin.top]);
  const groups = scaleBand<number>()
    .domain(labels.keys())
    .range([left, right])
    .paddingInner(kind === 'bar' ? 0.28 : 0)
    .paddingOuter(kind === 'bar' ? 0.14 : 0);
  const groupWidth = Math.min(groups.bandwidth(), widestBar * series.length);
  const inset = (groups.bandwidth() - groupWidth) / 2;
  const within = scaleBand<number>()
    .domain(series.keys())
    .range([inset, inset + groupWidth])
    .paddingInner(0.08);
  const zero = y(Math.max(0, y.domain()[0] ?? 0));

  const marks = series.flatMap(({ name, values: row }, index) =>
    row.map((value, position): ChartMark => {
      const start = groups(position) ?? 0;
      const top = Math.min(y(value), zero);
      const bar = kind === 'bar';
      return {
        series: index,
        name,
        label: labels[position] ?? '',
        value,
        x: bar ? start + (within(index) ?? 0) : start + groups.bandwidth() / 2,
        y: bar ? top : y(value),
        width: bar ? within.bandwidth() : 0,
        height: bar ? Math.max(1, Math.abs(y(value) - zero)) : 0,
      };
    }),
  );
  const every = Math.ceil((labels.length * 46) / (right - left));
  return {
    plot: { left, right, bottom },
    ticks: y.ticks(5).map((value) => ({ at: y(value), label: value.toLocaleString('en') })),
    labels: labels.flatMap((label, position) =>
      position % every === 0 ? [{ at: (groups(position) ?? 0) + groups.bandwidth() / 2, label }] : [],
    ),
    marks,
    paths:
      kind === 'bar'
        ? []
        : series.map((_, index) => ({
            series: index,
            d: pathOf(marks.filter((mark) => mark.series === index)),
          })),
  };
}

function pathOf(marks: readonly ChartMark[]): string {
  return (
    line<ChartMark>(
      (mark) => mark.x,
      (mark) => mark.y,
    )(marks) ?? ''
  );
}
