import * as v from 'valibot';
import type { ModelScript } from '../script-step.ts';
import type { Turn } from '../turn.ts';
import { decimal, numberIn, resultOf, rowsOf } from '../table.ts';

const simulation = v.object({ probability: v.number(), margin: v.number(), samples: v.number() });

function simulated(turn: Turn, nth: number): v.InferOutput<typeof simulation> {
  const parsed = v.safeParse(simulation, turn.outputs('simulate_weather').at(nth)?.json);
  return parsed.success ? parsed.output : { probability: 0, margin: 0, samples: 0 };
}

const octobers = `SELECT location, count(*) AS days, sum(precipitation = 0) AS dry_days
FROM weather WHERE strftime('%m', date) = '10' GROUP BY location ORDER BY location DESC`;

function question(city: string): { city: string; month: number; days: number; minDryDays: number } {
  return { city, month: 10, days: 14, minDryDays: 10 };
}

export const odds: ModelScript = [
  () => ({
    summary: [
      '**Wet days come in groups**\n\nAfter a wet day, the next day is more likely to be wet, so multiplying daily odds would mislead. I simulate both cities, and count the dry days in the October data at the same time.',
    ],
    calls: [
      { name: 'simulate_weather', arguments: question('Seattle') },
      { name: 'simulate_weather', arguments: question('New York') },
      { name: 'query_data', arguments: { sql: octobers, purpose: 'Dry days in the Octobers of the data' } },
    ],
  }),
  (turn) => ({
    calls: [
      {
        name: 'calculate',
        arguments: {
          expression: `round(${simulated(turn, 1).probability} / ${simulated(turn, 0).probability || 1}, 1)`,
        },
      },
    ],
  }),
  (turn) => {
    const [seattle, newYork] = rowsOf(turn, 0);
    const line = (name: string, nth: number, row: typeof seattle): string => {
      const { probability, margin } = simulated(turn, nth);
      const share = (numberIn(row, 'dry_days') / Math.max(1, numberIn(row, 'days'))) * 100;
      return `| ${name} | **${decimal(probability * 100)} %** ± ${decimal(margin * 100, 2)} | ${decimal(share)} % |`;
    };
    return {
      text: [
        `**Go to New York:** ten dry days in a fortnight of October are ${decimal(resultOf(turn, 0))} times as likely there as in Seattle.`,
        '',
        '| | Ten dry days of fourteen | Dry days in October |',
        '|---|--:|--:|',
        line('Seattle', 0, seattle),
        line('New York', 1, newYork),
        '',
        `Each figure comes from ${decimal(simulated(turn, 0).samples, 0)} simulated fortnights in which tomorrow's weather depends on today's.`,
      ].join('\n'),
    };
  },
];
