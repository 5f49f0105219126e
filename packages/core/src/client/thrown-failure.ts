import type { Failure } from '../engine/policy/failure.ts';
import { fieldsOf } from '../wire/json.ts';
import { textOf } from '../wire/text-of.ts';
import { errorFailure } from './http-failure.ts';

/** System errors that come before anything was sent: the server cannot have acted on the request. */
const notSent: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** The codes of an error, of its causes, and of the errors that it sums up. */
function codesOf(error: unknown, depth = 0): readonly unknown[] {
  if (depth > 5) return [];
  const { code, cause } = fieldsOf(error);
  const inner = [cause, ...(error instanceof AggregateError ? error.errors : [])];
  return [code, ...inner.flatMap((one: unknown) => (one ? codesOf(one, depth + 1) : []))];
}

/** The headers of the answer for which a client threw, where there was one. */
export function thrownHeaders(thrown: unknown): Headers | undefined {
  const { headers }: { readonly headers?: unknown } = fieldsOf(thrown);
  return headers instanceof Headers ? headers : undefined;
}

/**
 * What a client threw, as data. The `openai` package throws an error with `status`, `headers` and the API's error
 * object for an error status; everything else is trouble with the connection.
 */
export function thrownFailure(thrown: unknown): Failure {
  const { status, error, message } = fieldsOf(thrown);
  if (typeof status === 'number') return errorFailure(status, thrownHeaders(thrown), error);
  const isUnsent = codesOf(thrown).some((code) => typeof code === 'string' && notSent.includes(code));
  return { kind: isUnsent ? 'refused' : 'lost', message: textOf(message) ?? String(thrown) };
}
