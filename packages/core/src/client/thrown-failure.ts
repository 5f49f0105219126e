import type { Failure } from '../engine/policy/failure.ts';
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

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

/** The codes of an error, of its causes, and of the errors that it sums up. */
function codesOf(error: unknown, depth = 0): readonly unknown[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const inner =
    error instanceof AggregateError ? error.errors.flatMap((one: unknown) => codesOf(one, depth + 1)) : [];
  return [
    'code' in error ? error.code : undefined,
    ...inner,
    ...('cause' in error ? codesOf(error.cause, depth + 1) : []),
  ];
}

/** The headers of the answer for which a client threw, where there was one. */
export function thrownHeaders(thrown: unknown): Headers | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('headers' in thrown)) return undefined;
  return thrown.headers instanceof Headers ? thrown.headers : undefined;
}

/**
 * What a client threw, as data. The `openai` package throws an error with `status`, `headers` and the API's error
 * object for an error status; everything else is trouble with the connection.
 */
export function thrownFailure(thrown: unknown): Failure {
  if (
    typeof thrown === 'object' &&
    thrown !== null &&
    'status' in thrown &&
    typeof thrown.status === 'number'
  ) {
    return errorFailure(thrown.status, thrownHeaders(thrown), 'error' in thrown ? thrown.error : undefined);
  }
  const codes = codesOf(thrown);
  if (codes.some((code) => typeof code === 'string' && notSent.includes(code))) {
    return { kind: 'refused', message: messageOf(thrown) };
  }
  return { kind: 'lost', message: messageOf(thrown) };
}
