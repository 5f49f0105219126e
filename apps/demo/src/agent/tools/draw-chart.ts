import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { retryOnFailure } from '../../retry-on-failure.ts';

const chartSpec = v.object({
  title: v.string(),
  kind: v.picklist(['bar', 'line']),
  unit: v.pipe(v.string(), v.description('Unit of the values, such as mm or °C; may be empty.')),
  labels: v.pipe(v.array(v.string()), v.description('One per point on the x axis.')),
  series: v.pipe(
    v.array(v.object({ name: v.string(), values: v.array(v.number()) })),
    v.description('One to four series, each with one value per label.'),
  ),
});

export type ChartSpec = v.InferOutput<typeof chartSpec>;

/** Checks the chart. The page draws it from the arguments, as SVG. */
export const drawChart = tool({
  name: 'draw_chart',
  description:
    'Draws a bar or line chart, which the person sees immediately. Use it whenever numbers are compared.',
  parameters: toStandardJsonSchema(chartSpec),
  execute: async (spec) => {
    for (const { name, values } of spec.series) {
      if (values.length !== spec.labels.length) {
        throw new Error(
          `Series "${name}" has ${values.length} values, but there are ${spec.labels.length} labels.`,
        );
      }
    }
    const { layOutChart } = await retryOnFailure(() => import('../../ui/chart/lay-out-chart.ts'));
    const { ticks, marks } = layOutChart(spec);
    return { drawn: true, marks: marks.length, axis: ticks.map((tick) => tick.label) };
  },
  idempotent: true,
});
