import { cut } from '../wire/cut.ts';
import { fieldsOf } from '../wire/json.ts';

/** Long enough to help, short enough to be saved and sent with every retry. */
export const longestMessage = 4_000;

/** Anything can be thrown, errors whose getters throw too: what says something is better than `[object Object]`. */
export function thrownText(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message || thrown.name;
    const { message } = fieldsOf(thrown);
    if (typeof message === 'string') return message;
    return typeof thrown === 'object' ? (JSON.stringify(thrown) ?? String(thrown)) : String(thrown);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** What an error says, for people and models; errors without words are named by their class. */
export function errorMessage(error: unknown): string {
  return cut(thrownText(error), longestMessage);
}
