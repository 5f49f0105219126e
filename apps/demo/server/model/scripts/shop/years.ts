import type { Iteration } from '@longhaul/core/testing';
import type { ModelScript, Step } from '../../script-step.ts';
import { decimal, numberIn, rowsOf } from '../../table.ts';

const years = [2023, 2024, 2025];

function slow(iteration: Iteration): Iteration {
  return { queuedMs: 5_000, runMs: 14_000, ...iteration };
}

function queryYear(year: number): Step {
  return () =>
    slow({
      summary: [`**The year ${year}**\n\nI query this year separately: orders, sales and customers.`],
      calls: [
        {
          name: 'query_orders',
          arguments: {
            sql: `SELECT '${year}' AS year, count(*) AS orders, round(sum(amount)) AS euros, count(DISTINCT customer_id) AS customers\nFROM orders WHERE ordered_on LIKE '${year}-%'`,
            purpose: `Orders, sales and customers of ${year}`,
          },
        },
      ],
    });
}

export const compareYears: ModelScript = [
  ...years.map(queryYear),
  (turn) =>
    slow({
      calls: [
        {
          name: 'draw_chart',
          arguments: {
            title: 'Sales by year',
            kind: 'bar',
            unit: '€',
            labels: years.map(String),
            series: [
              {
                name: 'Sales',
                values: years.map((_, nth) => numberIn(rowsOf(turn, nth, 'query_orders')[0], 'euros')),
              },
            ],
          },
        },
      ],
    }),
  (turn) => {
    const rows = years.map((_, nth) => rowsOf(turn, nth, 'query_orders')[0]);
    const best = rows.toSorted((a, b) => numberIn(b, 'euros') - numberIn(a, 'euros'))[0];
    return slow({
      text: [
        `**${String(best?.['year'])} was the best of the three years.**`,
        '',
        '| Year | Orders | Sales | Customers |',
        '|---|--:|--:|--:|',
        ...rows.map(
          (row) =>
            `| ${String(row?.['year'])} | ${decimal(numberIn(row, 'orders'), 0)} | € ${decimal(numberIn(row, 'euros'), 0)} | ${decimal(numberIn(row, 'customers'), 0)} |`,
        ),
        '',
        'Recorded results were not queried again, even if you killed the server.',
      ].join('\n'),
    });
  },
];
