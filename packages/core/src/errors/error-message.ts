import { cut } from '../wire/cut.ts';
import { fieldsOf } from '../wire/json.ts';

/** The maximum length of a message, in characters: long enough to help, short enough to be saved and sent. */
export const longestMessage = 4_000;

/**
 * Returns a text for any thrown value, including errors whose getters throw. An object without a message is written as
 * JSON.
 */
export function thrownText(thrown: unknown): string {
  try {
    const { message } = fieldsOf(thrown);
    if (typeof message === 'string' && (message !== '' || !(thrown instanceof Error))) return message;
    // Clients assign a server's answer to `message`, so it may be any value.
    const said: unknown = thrown instanceof Error ? message || thrown.name : thrown;
    return typeof said === 'object' ? (JSON.stringify(said) ?? String(said)) : String(said);
  } catch {
    return 'an unprintable value was thrown';
  }
}

/**
 * Returns the text of an error for users and models. Errors without a message are named by their class. Scrubs the text
 * before truncating it, because half of a secret would not be found.
 */
export function errorMessage(error: unknown, scrub: (text: string) => string = (text) => text): string {
  return cut(scrub(thrownText(error)), longestMessage);
}
