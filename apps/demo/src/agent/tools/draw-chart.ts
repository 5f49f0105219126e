import { tool } from '@longhaul/core';
import * as z from 'zod';

export const chartSpec = z.object({
  title: z.string(),
  kind: z.enum(['bar', 'line']),
  unit: z.string().describe('Unit of the values, such as mm or °C; may be empty.'),
  labels: z.array(z.string()).describe('One per point on the x axis.'),
  series: z
    .array(z.object({ name: z.string(), values: z.array(z.number()) }))
    .describe('One to four series, each with one value per label.'),
});

export type ChartSpec = z.infer<typeof chartSpec>;

/** Draws: the page shows the chart that is laid out here, as SVG. */
export const drawChart = tool({
  name: 'draw_chart',
  description:
    'Draws a bar or line chart, which the person sees at once. Use it whenever numbers are compared.',
  parameters: chartSpec,
  execute: async (spec) => {
    for (const { name, values } of spec.series) {
      if (values.length !== spec.labels.length) {
        throw new Error(
          `Series "${name}" has ${values.length} values, but there are ${spec.labels.length} labels.`,
        );
      }
    }
    const { layOutChart } = await import('../../ui/chart/lay-out-chart.ts');
    const { ticks, marks } = layOutChart(spec);
    return { drawn: true, marks: marks.length, axis: ticks.map((tick) => tick.label) };
  },
  idempotent: true,
});
