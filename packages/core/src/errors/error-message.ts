import { cut } from '../wire/cut.ts';
import { fieldsOf } from '../wire/json.ts';

/** Long enough to help, short enough to be saved and sent with every retry. */
export const longestMessage = 4_000;

/** Anything can be thrown, errors whose getters throw too: what says something is better than `[object Object]`. */
export function thrownText(thrown: unknown): string {
  try {
    const { message } = fieldsOf(thrown);
    if (typeof message === 'string' && (message !== '' || !(thrown instanceof Error))) return message;
    // Clients assign a server's answer to `message`: it is no text then.
    const said: unknown = thrown instanceof Error ? message || thrown.name : thrown;
    return typeof said === 'object' ? (JSON.stringify(said) ?? String(said)) : String(said);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/**
 * What an error says, for people and models; errors without words are named by their class. It is cut only once it is
 * scrubbed: the half of a secret would stay.
 */
export function errorMessage(error: unknown, scrub: (text: string) => string = (text) => text): string {
  return cut(scrub(thrownText(error)), longestMessage);
}
