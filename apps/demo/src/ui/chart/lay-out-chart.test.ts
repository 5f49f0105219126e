import { expect, test } from 'vitest';
import { chartWidth, layOutChart } from './lay-out-chart.ts';

const labels = ['a', 'b', 'c'];

test('bars start at zero, and their lengths are proportional to their values', () => {
  const { marks, ticks, plot } = layOutChart({
    title: '',
    unit: '',
    kind: 'bar',
    labels,
    series: [{ name: 's', values: [50, 100, 0] }],
  });
  expect(ticks[0]).toMatchObject({ label: '0', at: plot.bottom });
  const [half, whole] = marks;
  expect((whole?.height ?? 0) / (half?.height ?? 1)).toBeCloseTo(2, 5);
});

test('a line has a point for each value, within the width of the chart', () => {
  const { marks, paths } = layOutChart({
    title: '',
    unit: '',
    kind: 'line',
    labels,
    series: [
      { name: 's', values: [-3, 5, 12] },
      { name: 't', values: [1, 2, 3] },
    ],
  });
  expect(paths).toHaveLength(2);
  expect(marks).toHaveLength(6);
  for (const { x, y } of marks) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(chartWidth);
    expect(y).toBeGreaterThanOrEqual(0);
  }
});

test('a chart without values has no marks', () => {
  expect(layOutChart({ title: '', unit: '', kind: 'line', labels: [], series: [] }).marks).toEqual([]);
});
