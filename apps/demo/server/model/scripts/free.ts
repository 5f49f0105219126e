import type { ModelScript } from '../script-step.ts';
import { decimal, numberIn, resultOf, rowsOf } from '../table.ts';

const overview = `SELECT location, count(*) AS days, round(avg(temp_max), 1) AS temp_max, round(sum(precipitation)) AS rain_mm
FROM weather GROUP BY location`;

/** The script for a visitor's own task. The simulated model cannot understand the task, but it calls three tools. */
export const freeTask: ModelScript = [
  ({ task }) => ({
    summary: ['**An unknown task**\n\nI am simulated and cannot understand this task, but I can call tools.'],
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
          : `I am a *simulated* model. I have scripts for the tasks on the left, but I cannot understand yours. It has ${turn.task.length} characters (${decimal(resultOf(turn, 0))} per word). For a real model, set \`OPENAI_API_KEY\` and restart the demo.`,
        '',
        'The tool calls were real. From the data:',
        '',
        ...rows.map(
          (row) =>
            `- **${String(row['location'])}:** ${decimal(numberIn(row, 'temp_max'))} °C on an average afternoon, ${decimal(numberIn(row, 'rain_mm'), 0)} mm of rain in ${decimal(numberIn(row, 'days'))} days`,
        ),
      ].join('\n'),
    };
  },
];
