import type { Failure } from '../engine/policy/failure.ts';
import { thrownText } from '../errors/error-message.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { isUnsent } from '../errors/unsent.ts';
import { fieldsOf, wordOf } from '../wire/json.ts';
import { headersOf } from './normalize-response.ts';
import { readThrownAnswer } from './read-answer.ts';

/** An error, its causes, and the errors of an `AggregateError`. */
function errorChain(error: unknown, depth = 0): readonly unknown[] {
  if (depth > 5 || !error) return [];
  const { cause, errors } = fieldsOf(error);
  const inner: unknown[] = [cause, ...(Array.isArray(errors) ? errors : [])];
  return [error, ...inner.flatMap((one) => errorChain(one, depth + 1))];
}

/** Whether an error means a failed connection, as browsers, undici and the system report it. */
function isConnectionFailure(error: unknown): boolean {
  const { code, name, message } = fieldsOf(error);
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|UND_ERR_)/.test(wordOf(code)) ||
    /Timeout|Abort/.test(wordOf(name)) ||
    (error instanceof TypeError && /fetch|load failed/i.test(wordOf(message)))
  );
}

/** Whether the platform timed out: undici after 300 s, the `openai` package after 600 s, an `AbortSignal.timeout`. */
function isTimeout(error: unknown): boolean {
  const { code, name, message } = fieldsOf(error);
  return (
    /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(wordOf(code)) ||
    /Timeout/.test(wordOf(name)) ||
    (error instanceof Error && error.constructor.name === 'APIConnectionTimeoutError') ||
    /^Request timed out\.?$/.test(wordOf(message))
  );
}

/** Whether an error quotes a header that could not be sent. The header may contain the key. */
export function quotesHeader(error: unknown): boolean {
  const { status, message } = fieldsOf(error);
  // An error with a status is an answer to the request. Its message then quotes a parameter, which is not a secret.
  return status === undefined && /invalid (header )?(value|name)|ByteString|ISO-8859/i.test(wordOf(message));
}

/** The headers of the answer for which a client threw, if there was an answer. */
export function thrownHeaders(thrown: unknown): Headers | undefined {
  return headersOf(fieldsOf(thrown)['headers']);
}

/**
 * Converts a thrown error to data. For an error status, the `openai` package throws an error with `status`, `headers`
 * and the API's error object. If the function for the key fails, the error of the package names that function. Except
 * for errors about headers, all other errors count as failures of the connection.
 */
export function thrownFailure(thrown: unknown): Failure {
  const { status, error, message: statusMessage } = fieldsOf(thrown);
  // Wrappers use status 0 if there was no answer.
  if (typeof status === 'number' && status > 0) {
    return readThrownAnswer({ status, headers: thrownHeaders(thrown), error, message: statusMessage });
  }
  if (quotesHeader(thrown)) {
    return {
      kind: 'credentials',
      message: 'a header, possibly the key, has line breaks or invalid characters',
    };
  }
  const message = thrownText(thrown);
  const chain = errorChain(thrown);
  const isUnauthorized = LonghaulError.isInstance(thrown) && thrown.code === 'unauthorized';
  if (isUnauthorized || message.includes("'apiKey' function")) {
    // If the function failed because there is no network, the run retries, as if the request had not been sent.
    const isOfflineFailure = isUnsent(thrown) || chain.some(isConnectionFailure);
    return { kind: isOfflineFailure ? 'refused' : 'credentials', message };
  }
  if (isUnsent(thrown)) return { kind: 'refused', message };
  return { kind: 'lost', message, ...(chain.some(isTimeout) ? { timedOut: true as const } : {}) };
}
