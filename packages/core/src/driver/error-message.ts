import { fieldsOf } from '../wire/json.ts';

/** Long enough to help, short enough to be saved and sent with every retry. */
const longest = 4_000;

/** Anything can be thrown: what says something is better than `[object Object]`. */
function thrownText(thrown: unknown): string {
  const { message } = fieldsOf(thrown);
  if (typeof message === 'string') return message;
  try {
    return typeof thrown === 'object' ? (JSON.stringify(thrown) ?? String(thrown)) : String(thrown);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** What an error says, for people and models; errors without words are named by their class. */
export function errorMessage(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : thrownText(error);
  return message.length > longest ? `${message.slice(0, longest)}…` : message;
}
