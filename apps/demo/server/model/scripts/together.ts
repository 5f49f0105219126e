import type { ModelScript } from '../script-step.ts';
import type { Turn } from '../turn.ts';
import { decimal, monthNames, numberIn, rowsOf } from '../table.ts';

function answerOf(turn: Turn, nth: number): string {
  return turn.outputs('ask_person').at(nth)?.output ?? '';
}

function cityOf(turn: Turn): string {
  return /york/i.test(answerOf(turn, 0)) ? 'New York' : 'Seattle';
}

function prefersHeat(turn: Turn): boolean {
  return /warm|hot|heat/i.test(answerOf(turn, 1));
}

export const planTogether: ModelScript = [
  () => ({
    calls: [
      {
        name: 'ask_person',
        arguments: { question: 'Which city would you like to see?', options: ['Seattle', 'New York'] },
      },
    ],
  }),
  (turn) => ({
    calls: [
      {
        name: 'query_data',
        arguments: {
          sql: `SELECT CAST(strftime('%m', date) AS INTEGER) AS month, round(avg(temp_max), 1) AS temp_max,\n  round(100.0 * sum(precipitation = 0) / count(*)) AS dry_percent\nFROM weather WHERE location = '${cityOf(turn)}' GROUP BY month ORDER BY month`,
          purpose: `The year in ${cityOf(turn)}`,
        },
      },
      {
        name: 'ask_person',
        arguments: { question: 'What matters more to you?', options: ['Dry days', 'Warm days'] },
      },
    ],
  }),
  (turn) => {
    const months = rowsOf(turn, 0);
    const heat = prefersHeat(turn);
    return {
      calls: [
        {
          name: 'draw_chart',
          arguments: {
            title: heat ? `Afternoon temperatures in ${cityOf(turn)}` : `Dry days in ${cityOf(turn)}`,
            kind: 'line',
            unit: heat ? '°C' : '%',
            labels: months.map((row) => monthNames[numberIn(row, 'month') - 1] ?? '?'),
            series: [
              {
                name: cityOf(turn),
                values: months.map((row) => numberIn(row, heat ? 'temp_max' : 'dry_percent')),
              },
            ],
          },
        },
      ],
    };
  },
  (turn) => {
    const column = prefersHeat(turn) ? 'temp_max' : 'dry_percent';
    const [best, second] = rowsOf(turn, 0).toSorted((a, b) => numberIn(b, column) - numberIn(a, column));
    const name = (row: typeof best): string => monthNames[numberIn(row, 'month') - 1] ?? '?';
    return {
      text: `**Go to ${cityOf(turn)} in ${name(best)}:** ${decimal(numberIn(best, 'temp_max'))} °C on an average afternoon, and ${decimal(numberIn(best, 'dry_percent'))} % of days without rain. ${name(second)} comes next (${decimal(numberIn(second, 'temp_max'))} °C, ${decimal(numberIn(second, 'dry_percent'))} % dry).`,
    };
  },
];
