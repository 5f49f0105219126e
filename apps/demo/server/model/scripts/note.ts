import * as v from 'valibot';
import type { ModelScript } from '../script-step.ts';
import { decimal, numberIn, rowsOf, type Row } from '../table.ts';

const hottest = `SELECT location, date, temp_max FROM weather ORDER BY temp_max DESC, date LIMIT 1`;
const windiest = `SELECT location, date, wind FROM weather ORDER BY wind DESC, date LIMIT 1`;

function day(row: Row | undefined): string {
  return `${row?.['location'] ?? '?'} on ${row?.['date'] ?? '?'}`;
}

function noteOf(heat: Row | undefined, wind: Row | undefined): string {
  return `Hottest day: ${day(heat)}, ${decimal(numberIn(heat, 'temp_max'))} °C. Windiest day: ${day(wind)}, ${decimal(numberIn(wind, 'wind'))} m/s.`;
}

export const keepNote: ModelScript = [
  () => ({
    calls: [
      { name: 'query_data', arguments: { sql: hottest, purpose: 'The hottest day' } },
      { name: 'query_data', arguments: { sql: windiest, purpose: 'The windiest day' } },
      { name: 'list_notes', arguments: {} },
    ],
  }),
  (turn) => ({
    summary: [
      '**Writing needs approval**\n\nThe notebook is yours. I propose the note and wait until you approve it.',
    ],
    calls: [
      {
        name: 'save_note',
        arguments: {
          title: 'Weather records 2012–2015',
          body: noteOf(rowsOf(turn, 0)[0], rowsOf(turn, 1)[0]),
        },
      },
    ],
  }),
  (turn) => {
    const saved = v.safeParse(v.object({ notes: v.number() }), turn.outputs('save_note').at(-1)?.json);
    const [heat] = rowsOf(turn, 0);
    const [wind] = rowsOf(turn, 1);
    return {
      text: [
        saved.success
          ? `**Saved.** Your notebook now has ${saved.output.notes} note${saved.output.notes === 1 ? '' : 's'}.`
          : '**Not saved, as you decided.** I found these records:',
        '',
        `- **Hottest:** ${day(heat)}, ${decimal(numberIn(heat, 'temp_max'))} °C`,
        `- **Windiest:** ${day(wind)}, ${decimal(numberIn(wind, 'wind'))} m/s on average`,
      ].join('\n'),
    };
  },
];
