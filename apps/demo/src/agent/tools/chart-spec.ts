import * as v from 'valibot';

export const chartSpec = v.object({
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
