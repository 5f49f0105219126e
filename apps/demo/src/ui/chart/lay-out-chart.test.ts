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

test('a narrow chart keeps its marks inside, and omits labels that would overlap', () => {
  const months = Array.from({ length: 12 }, (_, index) => `m${index}`);
  const spec = { title: '', unit: '', kind: 'bar', labels: months } as const;
  const chart = layOutChart({ ...spec, series: [{ name: 's', values: months.map((_, at) => at) }] }, 300);
  expect(chart.marks.every(({ x, width }) => x >= chart.plot.left && x + width <= 300)).toBe(true);
  expect(chart.labels.length).toBeLessThan(12);
});

test('the bars of a chart of few values are not wide, and stay above their labels', () => {
  const { marks, labels: shown } = layOutChart({
    title: '',
    unit: '',
    kind: 'bar',
    labels: ['a', 'b'],
    series: [{ name: 's', values: [1, 2] }],
  });
  expect(Math.max(...marks.map(({ width }) => width))).toBeLessThanOrEqual(64);
  for (const [index, { x, width }] of marks.entries())
    expect(x + width / 2).toBeCloseTo(shown[index]?.at ?? 0, 5);
});
