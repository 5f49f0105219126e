import type { ErrorView } from '../view/run-view.ts';

/** Why a request had no usable answer: data, so that the engine can judge it. */
export type Failure =
  /** The server answered with an error status. */
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly code: string | null;
      readonly type: string | null;
      readonly param: string | null;
      readonly message: string;
      readonly retryAfterMs?: number;
      /** Whether the body was the API's own error object: then the server has refused, and no job was started. */
      readonly envelope: boolean;
    }
  /** The client has no credentials to send it with: nothing was sent. */
  | { readonly kind: 'credentials'; readonly message: string }
  /** The connection was never made: nothing was sent. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The connection broke or timed out: the server may have acted on the request. */
  | { readonly kind: 'lost'; readonly message: string }
  /** A success status with a body that is no Response object. */
  | { readonly kind: 'unreadable'; readonly message: string };

/** Codes by which the account, not the moment, is the trouble: waiting does not help (OpenAI API reference, error codes). */
const quotaCodes: readonly string[] = [
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
];

/** Codes of a response that `failed` in passing. */
const passingCodes: readonly string[] = [
  'server_error',
  'rate_limit_exceeded',
  'server_is_overloaded',
  'slow_down',
];

/** Whether a response that ended `failed` with this code is worth another create. */
export function isPassing(code: string): boolean {
  return passingCodes.includes(code);
}

/**
 * What a failed create means. `retry`: not now; `unknown`: a job may have started; `final`: the same request will be
 * refused again.
 */
export function judgeCreate(failure: Failure): 'retry' | 'unknown' | 'final' {
  if (failure.kind === 'refused' || failure.kind === 'credentials') return 'retry';
  if (failure.kind !== 'http') return 'unknown';
  const { status, code } = failure;
  if (code !== null && quotaCodes.includes(code)) return 'final';
  if (status === 429 || code === 'conversation_locked') return 'retry';
  if (status >= 500) return failure.envelope ? 'retry' : 'unknown';
  return status === 408 || (status === 409 && !failure.envelope) ? 'unknown' : 'final';
}

/** What a failed retrieve means: the response is still there unless the server says otherwise. */
export function judgeRetrieve(
  failure: Failure,
): 'retry' | 'not_found' | 'unauthorized' | 'credentials' | 'unreadable' | 'final' {
  if (failure.kind === 'unreadable' || failure.kind === 'credentials') return failure.kind;
  if (failure.kind !== 'http') return 'retry';
  const { status } = failure;
  if (status === 404) return 'not_found';
  if (status === 401 || status === 403) return 'unauthorized';
  return status >= 500 || status === 429 || status === 408 || status === 409 || status === 425
    ? 'retry'
    : 'final';
}

/** The failure as a run shows it. Servers' messages are passed on, so that they can be looked up. */
export function errorOf(failure: Failure): ErrorView {
  if (failure.kind === 'http') {
    return {
      code: failure.code ?? codeOfStatus(failure.status),
      message: failure.message,
      status: failure.status,
      ...(failure.param === null ? {} : { param: failure.param }),
    };
  }
  const code = {
    credentials: 'unauthorized',
    refused: 'connection_refused',
    lost: 'connection_lost',
    unreadable: 'invalid_response',
  } as const;
  return { code: code[failure.kind], message: failure.message };
}

function codeOfStatus(status: number): string {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
