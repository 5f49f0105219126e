import type { ModelScript } from '../script-step.ts';
import { decimal, numberIn, resultOf, rowsOf } from '../table.ts';

const overview = `SELECT location, count(*) AS days, round(avg(temp_max), 1) AS temp_max, round(sum(precipitation)) AS rain_mm
FROM weather GROUP BY location`;

/** For tasks of the visitor's own, which a simulated model cannot understand: it says so, and shows the loop all the same. */
export const freeTask: ModelScript = [
  ({ task }) => ({
    summary: [
      '**Not a task that I know**\n\nI am simulated and cannot understand it, but I can run each kind of tool.',
    ],
    calls: [
      { name: 'query_data', arguments: { sql: overview, purpose: 'An overview of the data' } },
      { name: 'read_page', arguments: { part: 'outline' } },
      {
        name: 'calculate',
        arguments: {
          expression: /^[\d\s+\-*/^().,%]+$/.test(task)
            ? task
            : `${task.length} / ${task.split(/\s+/).length}`,
        },
      },
    ],
  }),
  (turn) => {
    const rows = rowsOf(turn, 0);
    const sum = /^[\d\s+\-*/^().,%]+$/.test(turn.task);
    return {
      text: [
        sum
          ? `**${turn.task.trim()} = ${decimal(resultOf(turn, 0), 6)}**`
          : `I am a *simulated* model: I know the tasks on the left by heart, and yours only by its ${turn.task.length} characters (${decimal(resultOf(turn, 0))} a word). Set \`OPENAI_API_KEY\` and start the demo again for a real one.`,
        '',
        'The tools were real all the same. From the data:',
        '',
        ...rows.map(
          (row) =>
            `- **${String(row['location'])}:** ${decimal(numberIn(row, 'temp_max'))} °C on an average afternoon, ${decimal(numberIn(row, 'rain_mm'), 0)} mm of rain in ${decimal(numberIn(row, 'days'))} days`,
        ),
      ].join('\n'),
    };
  },
];
