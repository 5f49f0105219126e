import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { retryOnFailure } from '../../retry-on-failure.ts';
import { chartSpec } from './chart-spec.ts';

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
