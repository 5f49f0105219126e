import type { ModelScript } from '../../script-step.ts';
import { monthNames, numberIn, rowsOf } from '../../table.ts';
import { euros } from './browser.ts';

const byMonth = `SELECT CAST(substr(ordered_on, 6, 2) AS INTEGER) AS month, round(sum(amount)) AS euros, count(*) AS orders
FROM orders WHERE ordered_on LIKE '2025-%' GROUP BY month ORDER BY month`;
const late = `SELECT customers.name, count(*) AS orders, round(sum(amount)) AS euros
FROM orders JOIN customers ON customers.id = customer_id
WHERE payment = 'late' GROUP BY customer_id ORDER BY euros DESC LIMIT 5`;

export const reportSales: ModelScript = [
  () => ({
    summary: [
      '**Two independent queries**\n\nSales and late payments do not depend on each other, so I query both together. I also ask the browser for its language.',
    ],
    calls: [
      { name: 'query_orders', arguments: { sql: byMonth, purpose: 'Sales of 2025 by month' } },
      { name: 'query_orders', arguments: { sql: late, purpose: 'Customers with late payments' } },
      { name: 'browser_settings', arguments: {} },
    ],
  }),
  (turn) => {
    const rows = rowsOf(turn, 0, 'query_orders');
    return {
      calls: [
        {
          name: 'draw_chart',
          arguments: {
            title: 'Sales in 2025',
            kind: 'bar',
            unit: '€',
            labels: rows.map((row) => monthNames[numberIn(row, 'month') - 1] ?? '?'),
            series: [{ name: 'Sales', values: rows.map((row) => numberIn(row, 'euros')) }],
          },
        },
      ],
    };
  },
  (turn) => {
    const months = rowsOf(turn, 0, 'query_orders');
    const customers = rowsOf(turn, 1, 'query_orders');
    const total = months.reduce((sum, row) => sum + numberIn(row, 'euros'), 0);
    const best = months.toSorted((a, b) => numberIn(b, 'euros') - numberIn(a, 'euros'))[0];
    return {
      text: [
        `**The shop sold for ${euros(total, turn)} in 2025.** ${monthNames[numberIn(best, 'month') - 1] ?? '?'} was the best month, with ${euros(numberIn(best, 'euros'), turn)}.`,
        '',
        'These customers are late with payments:',
        '',
        '| Customer | Late orders | Amount |',
        '|---|--:|--:|',
        ...customers.map(
          (row) =>
            `| ${String(row['name'])} | ${numberIn(row, 'orders')} | ${euros(numberIn(row, 'euros'), turn)} |`,
        ),
      ].join('\n'),
    };
  },
];
