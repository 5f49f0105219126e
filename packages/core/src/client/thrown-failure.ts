import type { Failure } from '../engine/policy/failure.ts';
import { thrownText } from '../errors/error-message.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { isUnsent } from '../errors/unsent.ts';
import { fieldsOf, wordOf } from '../wire/json.ts';
import { headersOf } from './normalize-response.ts';
import { readThrownAnswer } from './read-answer.ts';

/** An error, its causes, and the errors that it sums up. */
function behind(error: unknown, depth = 0): readonly unknown[] {
  if (depth > 5 || !error) return [];
  const { cause, errors } = fieldsOf(error);
  const inner: unknown[] = [cause, ...(Array.isArray(errors) ? errors : [])];
  return [error, ...inner.flatMap((one) => behind(one, depth + 1))];
}

/** Whether a function that asks a server for credentials did not reach it: as browsers, undici and the system say that. */
function isConnectionTrouble(error: unknown): boolean {
  const { code, name, message } = fieldsOf(error);
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|UND_ERR_)/.test(wordOf(code)) ||
    /Timeout|Abort/.test(wordOf(name)) ||
    (error instanceof TypeError && /fetch|load failed/i.test(wordOf(message)))
  );
}

/** Whether a platform ended the wait: undici after 300 s, the `openai` package after 600 s, an `AbortSignal.timeout`. */
function isTimeout(error: unknown): boolean {
  const { code, name, message } = fieldsOf(error);
  return (
    /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(wordOf(code)) ||
    /Timeout/.test(wordOf(name)) ||
    (error instanceof Error && error.constructor.name === 'APIConnectionTimeoutError') ||
    /^Request timed out\.?$/.test(wordOf(message))
  );
}

/** Whether a header could not be sent, and the error says so by quoting it: it may be the key. */
export function quotesHeader(error: unknown): boolean {
  const { status, message } = fieldsOf(error);
  // What the API says of a parameter's value is no secret.
  return status === undefined && /invalid (header )?(value|name)|ByteString|ISO-8859/i.test(wordOf(message));
}

/** The headers of the answer for which a client threw, where there was one. */
export function thrownHeaders(thrown: unknown): Headers | undefined {
  return headersOf(fieldsOf(thrown)['headers']);
}

/**
 * What a client threw, as data. The `openai` package throws an error with `status`, `headers` and the API's error
 * object for an error status, and one that names the function where that gives no key; everything else is trouble with
 * the connection.
 */
export function thrownFailure(thrown: unknown): Failure {
  const { status, error, message: told } = fieldsOf(thrown);
  // A status of 0 is a wrapper's word for no answer.
  if (typeof status === 'number' && status > 0) {
    return readThrownAnswer({ status, headers: thrownHeaders(thrown), error, message: told });
  }
  if (quotesHeader(thrown)) {
    return { kind: 'credentials', message: 'a header, perhaps the key, has line breaks or odd characters' };
  }
  const message = thrownText(thrown);
  const chain = behind(thrown);
  const isOurs = LonghaulError.isInstance(thrown) && thrown.code === 'unauthorized';
  if (isOurs || message.includes("'apiKey' function")) {
    // A network that is away keeps credentials from coming as it keeps the request from going: both wait for it.
    const isAway = isUnsent(thrown) || chain.some(isConnectionTrouble);
    return { kind: isAway ? 'refused' : 'credentials', message };
  }
  if (isUnsent(thrown)) return { kind: 'refused', message };
  return { kind: 'lost', message, ...(chain.some(isTimeout) ? { timedOut: true as const } : {}) };
}
