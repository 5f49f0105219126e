import type { ModelScript } from '../script-step.ts';
import { decimal, numberIn, rowsOf } from '../table.ts';

const guessed = `SELECT city, avg(sunny) * 100 AS sunny_percent FROM weather GROUP BY city`;
const corrected = `SELECT location, round(100.0 * sum(weather = 'sun') / count(*), 1) AS sunny_percent
FROM weather GROUP BY location ORDER BY sunny_percent DESC`;

export const recover: ModelScript = [
  () => ({
    summary: ['**A guess**\n\nThe task allows me to guess the columns, so I try `city` and `sunny`.'],
    calls: [
      { name: 'query_data', arguments: { sql: guessed, purpose: 'Share of sunny days, by guessed names' } },
    ],
  }),
  () => ({
    summary: [
      '**The error names the column**\n\nThere is no column `city`. The table has `location`, and sun is a value of `weather`. I query again.',
    ],
    calls: [{ name: 'query_data', arguments: { sql: corrected, purpose: 'Share of sunny days' } }],
  }),
  (turn) => {
    const rows = rowsOf(turn, 0);
    return {
      calls: [
        {
          name: 'draw_chart',
          arguments: {
            title: 'Sunny days, 2012 to 2015',
            kind: 'bar',
            unit: '%',
            labels: rows.map((row) => String(row['location'])),
            series: [{ name: 'Sunny days', values: rows.map((row) => numberIn(row, 'sunny_percent')) }],
          },
        },
      ],
    };
  },
  (turn) => {
    const [first, second] = rowsOf(turn, 0);
    return {
      text: [
        `**${String(first?.['location'])} has more sunny days:** ${decimal(numberIn(first, 'sunny_percent'))} % of all days, against ${decimal(numberIn(second, 'sunny_percent'))} % in ${String(second?.['location'])}.`,
        '',
        'My first query failed because I had guessed the names. A failed tool does not end a run: I received the error message and corrected the query.',
      ].join('\n'),
    };
  },
];
