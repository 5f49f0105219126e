import type { ModelScript } from '../../script-step.ts';
import { decimal, numberIn, rowsOf } from '../../table.ts';
import { honestAnswer, isSum } from '../free.ts';

/** The arithmetic as SQL. Whole numbers get decimals, because SQL divides them without a remainder. */
function sqlOf(sum: string): string {
  return `SELECT ${sum.trim().replace(/\d+(?:\.\d+)?/g, (number) => (number.includes('.') ? number : `${number}.0`))} AS result`;
}

/** The script for a visitor's own task on the server. */
export const freeShopTask: ModelScript = [
  (turn) =>
    isSum(turn.task)
      ? {
          summary: ['**Arithmetic**\n\nI calculate this in the database of the server.'],
          calls: [{ name: 'query_orders', arguments: { sql: sqlOf(turn.task), purpose: 'Arithmetic' } }],
        }
      : { text: honestAnswer(turn, 'server') },
  (turn) => ({
    text: `**${turn.task.trim()} = ${decimal(numberIn(rowsOf(turn, 0, 'query_orders')[0], 'result'), 6)}**`,
  }),
];
