import { scenarios } from '../../../src/scenarios/scenarios.ts';
import type { LoopPlace } from '../../../src/runner/loop-place.ts';
import type { ModelScript } from '../script-step.ts';
import { decimal, resultOf } from '../table.ts';
import type { Turn } from '../turn.ts';

/** Whether a task is arithmetic, which the model can do with a tool. */
export function isSum(task: string): boolean {
  return /\d/.test(task) && /^[\d\s+\-*/^().,%]+$/.test(task);
}

/** Words of questions about the conversation. */
const aboutConversation =
  /\b(?:asked|ask before|said|say|told|earlier|before|previous|repeat|remember|summar\w*|recap|conversation|so far|continue)\b/i;

/** The beginning of a text, in one line and without Markdown. */
function beginning(text: string): string {
  const line = text
    .replace(/[_`#>|]|\*\*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= 120 ? line : `${line.slice(0, 120)} …`;
}

function recap({ earlier }: Turn): string {
  return [
    'This was said in our conversation:',
    '',
    ...earlier.map(({ question, answer }, index) => {
      const wrote = answer === '' ? 'I wrote nothing.' : `I wrote: “${beginning(answer)}”`;
      return `${index + 1}. You asked: “${beginning(question)}” ${wrote}`;
    }),
  ].join('\n');
}

/** The answer to a task that the simulated model does not understand. It makes nothing up. */
export function honestAnswer(turn: Turn, place: LoopPlace): string {
  const { task, files, earlier } = turn;
  if (earlier.length > 0 && aboutConversation.test(task)) return recap(turn);
  const received =
    files === 0
      ? []
      : [
          `I have received ${files === 1 ? 'your file' : `your ${files} files`}, but I cannot read files.`,
          '',
        ];
  const last = earlier.at(-1);
  return [
    'I am a *simulated* model, and I do not understand this question. I can:',
    '',
    `- do the example tasks of the start page: ${scenarios[place].map(({ title }) => `“${title}”`).join(', ')}`,
    '- calculate, for example `6 * 7`',
    '- repeat the questions of this conversation: “What did I ask before?”',
    '',
    ...received,
    ...(last === undefined ? [] : [`Before this, you asked: “${beginning(last.question)}”`, '']),
    'For a real model, set `OPENAI_API_KEY` and restart the demo.',
  ].join('\n');
}

/** The script for a visitor's own task in the page. */
export const freeTask: ModelScript = [
  (turn) =>
    isSum(turn.task)
      ? {
          summary: ['**Arithmetic**\n\nI calculate this with a tool.'],
          calls: [{ name: 'calculate', arguments: { expression: turn.task.trim() } }],
        }
      : { text: honestAnswer(turn, 'page') },
  (turn) => ({ text: `**${turn.task.trim()} = ${decimal(resultOf(turn, 0), 6)}**` }),
];
