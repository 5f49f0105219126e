import type { Iteration } from '@longhaul/core/testing';
import type { ModelScript, Step } from '../script-step.ts';
import { decimal, numberIn, rowsOf } from '../table.ts';

const years = [2012, 2013, 2014, 2015];

function slow(iteration: Iteration): Iteration {
  return { queuedMs: 5_000, runMs: 11_000, ...iteration };
}

function queryYear(year: number): Step {
  return () =>
    slow({
      summary: [`**The year ${year}**\n\nI query this year separately: rain, heat and frost of both cities.`],
      calls: [
        {
          name: 'query_data',
          arguments: {
            sql: `SELECT '${year}' AS year, round(sum(precipitation) / 2) AS rain_mm, round(avg(temp_max), 1) AS temp_max,\n  sum(temp_min < 0) / 2 AS frost_days\nFROM weather WHERE strftime('%Y', date) = '${year}'`,
            purpose: `Rain, heat and frost of ${year}`,
          },
        },
      ],
    });
}

export const longHaul: ModelScript = [
  ...years.map(queryYear),
  (turn) =>
    slow({
      calls: [
        {
          name: 'draw_chart',
          arguments: {
            title: 'Rain by year, average of both cities',
            kind: 'bar',
            unit: 'mm',
            labels: years.map(String),
            series: [
              { name: 'Rain', values: years.map((_, nth) => numberIn(rowsOf(turn, nth)[0], 'rain_mm')) },
            ],
          },
        },
      ],
    }),
  (turn) => {
    const rows = years.map((_, nth) => rowsOf(turn, nth)[0]);
    const wettest = rows.toSorted((a, b) => numberIn(b, 'rain_mm') - numberIn(a, 'rain_mm'))[0];
    const warmest = rows.toSorted((a, b) => numberIn(b, 'temp_max') - numberIn(a, 'temp_max'))[0];
    return slow({
      text: [
        `**${String(warmest?.['year'])} was the warmest of the four years, ${String(wettest?.['year'])} the wettest.**`,
        '',
        '| Year | Rain | Average high | Frost |',
        '|---|--:|--:|--:|',
        ...rows.map(
          (row) =>
            `| ${String(row?.['year'])} | ${decimal(numberIn(row, 'rain_mm'), 0)} mm | ${decimal(numberIn(row, 'temp_max'))} °C | ${decimal(numberIn(row, 'frost_days'), 0)} days |`,
        ),
        '',
        'Averages of Seattle and New York. Recorded results were not queried again, even if you injected faults.',
      ].join('\n'),
    });
  },
];
