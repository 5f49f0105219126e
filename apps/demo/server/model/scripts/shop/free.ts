import type { ModelScript } from '../../script-step.ts';
import { decimal, numberIn, rowsOf } from '../../table.ts';

const overview = `SELECT country, count(*) AS orders, round(sum(amount)) AS euros
FROM orders JOIN customers ON customers.id = customer_id GROUP BY country ORDER BY euros DESC LIMIT 5`;

/** The script for a visitor's own task on the server. The simulated model cannot understand the task. */
export const freeShopTask: ModelScript = [
  () => ({
    summary: ['**An unknown task**\n\nI am simulated and cannot understand this task, but I can call tools.'],
    calls: [
      { name: 'query_orders', arguments: { sql: overview, purpose: 'An overview of the orders' } },
      { name: 'browser_settings', arguments: {} },
    ],
  }),
  (turn) => ({
    text: [
      'I am a *simulated* model. I have scripts for the tasks on the left, but I cannot understand yours. For a real model, set `OPENAI_API_KEY` and restart the demo.',
      '',
      'The tool calls were real. From the server’s database:',
      '',
      ...rowsOf(turn, 0, 'query_orders').map(
        (row) =>
          `- **${String(row['country'])}:** ${decimal(numberIn(row, 'orders'), 0)} orders, € ${decimal(numberIn(row, 'euros'), 0)}`,
      ),
    ].join('\n'),
  }),
];
